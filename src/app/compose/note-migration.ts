import type { Storage } from "../../adapters/storage/open-storage.ts";
import type { Mode } from "../../core/domain/mode.ts";

/** Writes down that opening the database changed its schema, and where its state before lies. */
export function noteMigration(storage: Storage, mode: Mode): void {
  const { applied, schemaVersion, backup } = storage.migrated;
  if (applied === 0 || backup === undefined) return;
  const details = { from: schemaVersion - applied, to: schemaVersion, backup };
  storage.auditLog(mode).append({ type: "database-migrated", by: "start", details });
}
