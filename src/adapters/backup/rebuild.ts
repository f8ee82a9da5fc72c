import { createHash } from "node:crypto";
import { statfsSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { StoredBackup } from "../../core/domain/backup/backup.ts";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import { ARCHIVE_NAMES } from "../../core/domain/backup/manifest.ts";
import type { ArchiveMember } from "./archive-file.ts";
import { readArchive } from "./archive-file.ts";
import { backupError } from "./backup-error.ts";
import { createByteReader } from "./byte-reader.ts";
import { hashFile, writeAll, writeNewFile } from "./durable-file.ts";

export interface RebuildParts {
  /** A full backup and its increments, oldest first. */
  readonly links: readonly StoredBackup[];
  readonly pathOf: (link: StoredBackup) => string;
  readonly passphrase: Uint8Array | undefined;
  /** Where the database goes; must not exist. */
  readonly into: string;
  readonly signal: AbortSignal;
  /** Takes what else the last link holds: its config and the files of its folders. */
  readonly onOther?: (member: ArchiveMember) => Promise<void>;
  readonly onLink?: (done: number) => void;
}

/**
 * Puts the database of the last link together again, proving it byte for byte at every link.
 * @returns the last link's manifest.
 * @throws AppError BACKUP_PARENT_WRONG, BACKUP_DAMAGED, BACKUP_HOSTILE, BACKUP_TOO_LARGE, a passphrase's fault.
 */
export async function rebuildDatabase(parts: RebuildParts): Promise<BackupManifest> {
  const { links, pathOf, passphrase, into, signal } = parts;
  let last: BackupManifest | undefined;
  let sha256 = "";
  for (const [index, link] of links.entries()) {
    const source = { path: pathOf(link), file: link.file, sealed: link.sealed, passphrase };
    const isLast = index === links.length - 1;
    last = await readArchive(source, signal, async (manifest, members) => {
      checkLink(manifest, link, last);
      checkSpace(manifest, into);
      for await (const member of members) {
        if (member.name === ARCHIVE_NAMES.database) sha256 = (await writeNewFile(into, member.content)).sha256;
        else if (member.name === ARCHIVE_NAMES.pages) await applyPages(into, manifest, member, link.file);
        else if (isLast) await parts.onOther?.(member);
      }
      return manifest;
    });
    if (link.kind === "incremental") sha256 = await hashFile(into, signal);
    if (sha256 !== last.database.sha256)
      throw backupError("BACKUP_DAMAGED", `${link.file} does not give the database it was made of.`);
    parts.onLink?.(index + 1);
  }
  if (last === undefined) throw new Error("a chain has at least one link");
  return last;
}

function checkLink(manifest: BackupManifest, link: StoredBackup, before: BackupManifest | undefined): void {
  const { summary, parent } = manifest;
  if (summary.id !== link.id || summary.kind !== link.kind || summary.sealed !== link.sealed)
    throw backupError("BACKUP_HOSTILE", `${link.file} is not the backup its name says.`);
  if (parent === undefined) return;
  if (before === undefined || before.summary.id !== parent.id || before.database.sha256 !== parent.databaseSha256)
    throw backupError(
      "BACKUP_PARENT_WRONG",
      `${link.file} builds on another state of ${parent.id} than the file of that name holds.`,
    );
  if (before.database.pageBytes !== manifest.database.pageBytes)
    throw backupError("BACKUP_PARENT_WRONG", `${link.file} has pages of another size than its parent.`);
}

/** A small file can announce a database larger than the disk. */
function checkSpace({ database, files }: BackupManifest, into: string): void {
  const { bavail, bsize } = statfsSync(dirname(into));
  const bytes = files.reduce((sum, file) => sum + file.bytes, database.bytes);
  if (bytes <= bavail * bsize) return;
  throw backupError("BACKUP_TOO_LARGE", `It unpacks to ${bytes} bytes, and ${bavail * bsize} are free.`);
}

async function applyPages(
  into: string,
  { database }: BackupManifest,
  member: ArchiveMember,
  file: string,
): Promise<void> {
  const handle: FileHandle = await open(into, "r+");
  try {
    await handle.truncate(database.bytes);
    const reader = createByteReader(member.content);
    const recordBytes = 4 + database.pageBytes;
    let before = -1;
    for (let left = member.bytes; left > 0; left -= recordBytes) {
      const record = await reader.take(recordBytes);
      const page = record.length === recordBytes ? record.readUInt32BE(0) : -1;
      if (page <= before || page >= database.bytes / database.pageBytes)
        throw backupError("BACKUP_HOSTILE", `${file} puts a page where none can be.`);
      before = page;
      await writeAll(handle, record.subarray(4), page * database.pageBytes);
    }
    // The last piece is the one that proves the whole.
    if ((await reader.take(1)).length > 0) throw backupError("BACKUP_HOSTILE", `${file} holds more than its pages.`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What stands in the pages of an increment, for its maker. */
export async function* pageRecords(
  database: string,
  pages: readonly number[],
  pageBytes: number,
): AsyncGenerator<Buffer> {
  const handle = await open(database, "r");
  try {
    for (const page of pages) {
      const record = Buffer.allocUnsafe(4 + pageBytes);
      record.writeUInt32BE(page, 0);
      const { bytesRead } = await handle.read(record, 4, pageBytes, page * pageBytes);
      if (bytesRead !== pageBytes) throw new Error("the copy of the database changed while it was read");
      yield record;
    }
  } finally {
    await handle.close();
  }
}

/** The sum a manifest gives for what `pageRecords` yields. */
export async function hashPieces(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
