import { hostname } from "node:os";
import { join } from "node:path";
import type { Storage } from "../../adapters/storage/open-storage.ts";
import { openStorage } from "../../adapters/storage/open-storage.ts";
import type { Paths } from "../../adapters/system/paths.ts";
import { isProcessAlive } from "../../adapters/system/process-liveness.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import { findPackageRoot } from "../config/package-root.ts";

/** Where a home keeps what several rooms open. */
export interface HomeFiles {
  readonly config: string;
  readonly database: string;
  readonly backupNotes: string;
}

export function homeFiles(paths: Paths): HomeFiles {
  return {
    config: join(paths.config, "config.toml"),
    database: join(paths.data, "console.db"),
    backupNotes: join(paths.state, "backups.json"),
  };
}

/** Opens a database in the name of this process, and brings its schema up to date. */
export function openDatabaseOfHome(file: string, parts: { readonly clock: Clock; readonly ids: IdSource }): Storage {
  const { clock, ids } = parts;
  return openStorage({
    file,
    migrationsFolder: join(findPackageRoot(), "drizzle"),
    clock,
    ids,
    guard: { holder: ids.recordId(), pid: process.pid, host: hostname(), isProcessAlive },
  });
}
