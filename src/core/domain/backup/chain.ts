import type { BackupId, StoredBackup } from "./backup.ts";

/** The backups a restore needs, oldest first: a full one and every increment up to the one asked for. */
export type BackupChain =
  | { readonly kind: "whole"; readonly links: readonly StoredBackup[] }
  | { readonly kind: "not-found" }
  | { readonly kind: "gap"; readonly missing: BackupId; readonly neededBy: BackupId }
  | { readonly kind: "circle"; readonly at: BackupId };

/** Follows the parents as the files name them; whether they are the right ones is proved by their contents. */
export function chainOf(backups: readonly StoredBackup[], id: BackupId): BackupChain {
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  const links: StoredBackup[] = [];
  const seen = new Set<BackupId>();
  for (let at: BackupId = id; ;) {
    const backup = byId.get(at);
    const child = links[0];
    if (backup === undefined)
      return child === undefined ? { kind: "not-found" } : { kind: "gap", missing: at, neededBy: child.id };
    if (seen.has(at)) return { kind: "circle", at };
    seen.add(at);
    links.unshift(backup);
    if (backup.kind === "full") return { kind: "whole", links };
    if (backup.parentId === undefined) return { kind: "circle", at };
    at = backup.parentId;
  }
}

/** The newest of one database that a restore could use. Newest is by time, then by name. */
export function newestRestorable(backups: readonly StoredBackup[], origin?: string): StoredBackup | undefined {
  return newestFirst(backups).find(
    (backup) => (origin === undefined || backup.origin === origin) && chainOf(backups, backup.id).kind === "whole",
  );
}

export function newestFirst(backups: readonly StoredBackup[]): readonly StoredBackup[] {
  return [...backups].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}
