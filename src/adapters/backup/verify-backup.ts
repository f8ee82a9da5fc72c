import { causeWords } from "../../core/domain/errors.ts";
import { isDeepStrictEqual } from "node:util";
import type { BackupId, StoredBackup } from "../../core/domain/backup/backup.ts";
import { chainOf } from "../../core/domain/backup/chain.ts";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import type { BackupListing, BackupRun, VerifiedBackup } from "../../core/ports/backup-archive.ts";
import type { ArchiveMember } from "./archive-file.ts";
import { backupError } from "./backup-error.ts";
import type { CopyFacts } from "./database-copy.ts";
import { inspectCopy } from "./database-copy.ts";
import { rebuildDatabase } from "./rebuild.ts";

/** A chain that is there by name. */
export interface ChainParts {
  readonly links: readonly StoredBackup[];
  readonly pathOf: (link: StoredBackup) => string;
  readonly isProcessAlive: (pid: number) => boolean;
}

/** @throws AppError BACKUP_NOT_FOUND, BACKUP_DAMAGED or BACKUP_CHAIN_BROKEN. */
export function findChain({ backups, unreadable }: BackupListing, id: BackupId): readonly StoredBackup[] {
  const chain = chainOf(backups, id);
  const isUnreadable = (wanted: BackupId) => unreadable.find((one) => one.id === wanted);
  switch (chain.kind) {
    case "whole":
      return chain.links;
    case "not-found": {
      const damaged = isUnreadable(id);
      if (damaged !== undefined) throw backupError("BACKUP_DAMAGED", `${damaged.file} cannot be read: ${damaged.why}`);
      throw backupError("BACKUP_NOT_FOUND", `There is no backup ${id} in this folder.`);
    }
    case "gap": {
      const damaged = isUnreadable(chain.missing);
      const what = damaged === undefined ? "is not there" : `cannot be read (${damaged.why})`;
      throw backupError("BACKUP_CHAIN_BROKEN", `${chain.neededBy} is built on ${chain.missing}, which ${what}.`);
    }
    case "circle":
      throw backupError("BACKUP_CHAIN_BROKEN", `The parents of ${id} lead back to ${chain.at}.`);
  }
}

/** Rebuilds a database and has SQLite look at it: sound, of the schema it had, and with as many rows. */
export async function rebuildAndInspect(
  parts: ChainParts,
  into: string,
  run: BackupRun,
  onOther?: (member: ArchiveMember) => Promise<void>,
): Promise<VerifiedBackup> {
  const { links, pathOf } = parts;
  const { signal, passphrase } = run;
  run.onProgress({ step: "rebuilding", done: 0, total: links.length });
  const manifest = await rebuildDatabase({
    links,
    pathOf,
    passphrase,
    into,
    signal,
    onLink: (done) => run.onProgress({ step: "rebuilding", done, total: links.length }),
    ...(onOther === undefined ? {} : { onOther }),
  });
  signal.throwIfAborted();
  run.onProgress({ step: "checking", done: undefined, total: undefined });
  compareFacts(manifest, inspectRebuilt(into, manifest));
  return { manifest, links };
}

function inspectRebuilt(database: string, { summary }: BackupManifest): CopyFacts {
  try {
    return inspectCopy(database);
  } catch (cause) {
    throw backupError("BACKUP_DAMAGED", `The database of ${summary.id} does not work: ${causeWords(cause)}.`, cause);
  }
}

function compareFacts({ summary, database }: BackupManifest, facts: CopyFacts): void {
  const wrong =
    facts.schemaSha256 !== database.schemaSha256 || facts.schemaVersion !== database.schemaVersion
      ? "another schema"
      : isDeepStrictEqual({ ...facts.rows }, { ...database.rows })
        ? undefined
        : "other numbers of rows";
  if (wrong === undefined) return;
  throw backupError("BACKUP_DAMAGED", `The database of ${summary.id} has ${wrong} than its manifest says.`);
}
