import { causeWords } from "../../core/domain/errors.ts";
import type { StoredBackup } from "../../core/domain/backup/backup.ts";
import { chainOf, newestFirst } from "../../core/domain/backup/chain.ts";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import { ARCHIVE_NAMES } from "../../core/domain/backup/manifest.ts";
import { changedPages } from "../../core/domain/backup/page-changes.ts";
import type { BackupRequest, BackupRun } from "../../core/ports/backup-archive.ts";
import { readArchive } from "./archive-file.ts";
import { backupError } from "./backup-error.ts";
import type { HashedDatabase } from "./page-hashes.ts";

/** A restore reads the whole chain, and one lost file loses what stands on it. */
const LONGEST_CHAIN = 7;
/** From here on an increment saves little and costs the same trust. */
const LARGEST_SHARE = 0.3;

export interface ParentPlan {
  readonly links: readonly StoredBackup[];
  readonly manifest: BackupManifest;
  readonly pages: readonly number[];
}

export type KindPlan =
  | { readonly kind: "full"; readonly why: string | undefined }
  | { readonly kind: "incremental"; readonly parent: ParentPlan };

/**
 * Decides what becomes of this backup: what it is compared with, and whether that is worth it.
 * @throws AppError BACKUP_PARENT_UNUSABLE when an increment was asked for and cannot be.
 */
export async function planKind(
  request: BackupRequest,
  run: BackupRun,
  backups: readonly StoredBackup[],
  database: HashedDatabase,
  pathOf: (backup: StoredBackup) => string,
): Promise<KindPlan> {
  if (request.kind === "full") return { kind: "full", why: undefined };
  try {
    const parent = await openParent(request, run, backups, database, pathOf);
    if (request.kind === "auto") {
      if (parent.links.length > LONGEST_CHAIN) throw new Error(`the last full one has ${LONGEST_CHAIN} increments`);
      if (parent.pages.length * database.pageBytes > database.bytes * LARGEST_SHARE)
        throw new Error(`more than ${LARGEST_SHARE * 100} % has changed`);
    }
    return { kind: "incremental", parent };
  } catch (cause) {
    run.signal.throwIfAborted();
    if (request.kind === "auto") return { kind: "full", why: causeWords(cause) };
    throw backupError(
      "BACKUP_PARENT_UNUSABLE",
      `There is nothing to build an increment on: ${causeWords(cause)}`,
      cause,
    );
  }
}

async function openParent(
  request: BackupRequest,
  run: BackupRun,
  backups: readonly StoredBackup[],
  database: HashedDatabase,
  pathOf: (backup: StoredBackup) => string,
): Promise<ParentPlan> {
  const newest = newestFirst(backups).find(({ origin }) => origin === request.origin);
  if (newest === undefined) throw new Error("there is no backup of this database.");
  const chain = chainOf(backups, newest.id);
  if (chain.kind !== "whole") throw new Error(`the newest one, ${newest.id}, cannot be restored.`);
  if (newest.sealed !== (run.passphrase !== undefined))
    throw new Error(newest.sealed ? "the newest one is sealed." : "the newest one is not sealed.");
  const source = { path: pathOf(newest), file: newest.file, sealed: newest.sealed, passphrase: run.passphrase };
  return readArchive(source, run.signal, async (manifest, members) => {
    const before: Buffer[] = [];
    for await (const member of members) {
      if (member.name !== ARCHIVE_NAMES.pageHashes) continue;
      for await (const piece of member.content) before.push(piece);
      break;
    }
    if (manifest.database.pageBytes !== database.pageBytes) throw new Error("the pages have another size now.");
    return { links: chain.links, manifest, pages: changedPages(database.pageHashes, Buffer.concat(before)) };
  });
}
