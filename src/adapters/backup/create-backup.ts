import { randomBytes } from "node:crypto";
import { existsSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import type { BackupSummary, StoredBackup } from "../../core/domain/backup/backup.ts";
import { backupFileName, backupId } from "../../core/domain/backup/backup.ts";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import { ARCHIVE_NAMES, BACKUP_FORMAT } from "../../core/domain/backup/manifest.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { BackupRequest, BackupRun, CreatedBackup } from "../../core/ports/backup-archive.ts";
import { asBackupError, backupError } from "./backup-error.ts";
import { copyLiveDatabase, inspectSource } from "./database-copy.ts";
import { readPieces, syncFolder, writeNewFile } from "./durable-file.ts";
import { gatherFolders } from "./extra-folders.ts";
import { listBackups } from "./list-backups.ts";
import { manifestJson } from "./manifest-json.ts";
import { hashDatabase } from "./page-hashes.ts";
import type { KindPlan } from "./parent.ts";
import { planKind } from "./parent.ts";
import { hashPieces, pageRecords, rebuildDatabase } from "./rebuild.ts";
import { KEY_COST, sealed } from "./seal.ts";
import type { TarFile } from "./tar-stream.ts";
import { tarStream } from "./tar-stream.ts";
import type { WorkFolder } from "./work-folder.ts";
import { createWorkFolder } from "./work-folder.ts";

export interface BackupParts {
  /** Where the archives are. */
  readonly folder: string;
  /** The live database. */
  readonly database: string;
  /** Of this program. */
  readonly version: string;
  readonly now: () => number;
  readonly isProcessAlive: (pid: number) => boolean;
  /** See `KEY_COST`; a test makes its keys cheaper. */
  readonly keyCost?: number;
}

/** A file of the archive with the sum its manifest needs. */
type PackedFile = TarFile & { readonly sha256: string };

/** See `BackupArchive.create`. */
export async function createBackup(parts: BackupParts, request: BackupRequest, run: BackupRun): Promise<CreatedBackup> {
  try {
    return await createOnce(parts, request, run);
  } catch (cause) {
    if (request.kind !== "auto" || !(cause instanceof AppError) || cause.code !== "BACKUP_PARENT_UNUSABLE") throw cause;
    // What the chain has lost is not mended by adding to it.
    return { ...(await createOnce(parts, { ...request, kind: "full" }, run)), whyFull: cause.message };
  }
}

async function createOnce(parts: BackupParts, request: BackupRequest, run: BackupRun): Promise<CreatedBackup> {
  const folders: WorkFolder[] = [];
  const workIn = (parent: string) => {
    const work = createWorkFolder(parent, parts.isProcessAlive);
    folders.push(work);
    return work;
  };
  try {
    if (!existsSync(parts.database))
      throw backupError("BACKUP_SOURCE_MISSING", `There is no database at ${parts.database}.`);
    // What is not sealed stays where the database is: the archives may go to a disk that others read.
    return await createIn(workIn(dirname(parts.database)), workIn(parts.folder), parts, request, run);
  } catch (cause) {
    run.signal.throwIfAborted();
    throw asBackupError("BACKUP_FAILED", "The backup could not be made", cause);
  } finally {
    for (const work of folders) work.remove();
  }
}

async function createIn(
  work: WorkFolder,
  drafts: WorkFolder,
  parts: BackupParts,
  request: BackupRequest,
  run: BackupRun,
): Promise<CreatedBackup> {
  const { signal, onProgress } = run;
  const copy = work.file("console.db");
  const createdAt = parts.now();
  onProgress({ step: "copying", done: undefined, total: undefined });
  await copyLiveDatabase(parts.database, copy);
  signal.throwIfAborted();
  onProgress({ step: "checking", done: undefined, total: undefined });
  const facts = inspectSource(copy, parts.database);
  const total = statSync(copy).size;
  const database = await hashDatabase(copy, signal, (done) => onProgress({ step: "reading", done, total }));
  const { backups } = await listBackups(parts.folder);
  const pathOf = (backup: StoredBackup) => join(parts.folder, backup.file);
  const plan = await planKind(request, run, backups, database, pathOf);
  const extra = await gatherFolders(request.folders, signal);
  const files = await packedFiles(copy, plan, database, request.config, signal);
  for (const { path, ...file } of extra.files) files.push({ ...file, content: () => readPieces(path, signal) });

  const summary: BackupSummary = {
    id: backupId(new Date(createdAt).toISOString(), randomBytes(3).toString("hex")),
    kind: plan.kind,
    sealed: run.passphrase !== undefined,
    parentId: plan.kind === "full" ? undefined : plan.parent.manifest.summary.id,
    createdAt,
    origin: request.origin,
  };
  const { sqlite, ...counted } = facts;
  const manifest: BackupManifest = {
    format: BACKUP_FORMAT,
    summary,
    parent:
      plan.kind === "full"
        ? undefined
        : { id: plan.parent.manifest.summary.id, databaseSha256: plan.parent.manifest.database.sha256 },
    versions: { tapedeck: parts.version, node: process.versions.node, sqlite },
    database: { bytes: database.bytes, pageBytes: database.pageBytes, sha256: database.sha256, ...counted },
    changedPages: plan.kind === "full" ? undefined : plan.parent.pages.length,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    folders: extra.folders,
  };
  const draft = await writeDraft(drafts, manifest, files, parts, run);
  const stored = { ...summary, file: backupFileName(summary), bytes: draft.bytes };
  await proveDraft(work, stored, draft.path, plan, pathOf, run);
  const path = join(parts.folder, stored.file);
  signal.throwIfAborted();
  renameSync(draft.path, path);
  syncFolder(parts.folder);
  const whyFull = plan.kind === "full" ? plan.why : undefined;
  return { backup: stored, path, sha256: draft.sha256, manifest, whyFull };
}

async function packedFiles(
  copy: string,
  plan: KindPlan,
  database: {
    readonly bytes: number;
    readonly pageBytes: number;
    readonly sha256: string;
    readonly pageHashes: Buffer;
  },
  config: string | undefined,
  signal: AbortSignal,
): Promise<PackedFile[]> {
  const files = [await packedBytes(ARCHIVE_NAMES.pageHashes, database.pageHashes)];
  if (plan.kind === "full") {
    const content = () => readPieces(copy, signal);
    files.push({ name: ARCHIVE_NAMES.database, bytes: database.bytes, sha256: database.sha256, content });
  } else {
    const { pages } = plan.parent;
    const content = () => pageRecords(copy, pages, database.pageBytes);
    const bytes = pages.length * (4 + database.pageBytes);
    files.push({ name: ARCHIVE_NAMES.pages, bytes, sha256: await hashPieces(content()), content });
  }
  if (config !== undefined) files.push(await packedBytes(ARCHIVE_NAMES.config, Buffer.from(config, "utf8")));
  return files;
}

async function packedBytes(name: string, bytes: Buffer): Promise<PackedFile> {
  return { name, bytes: bytes.length, sha256: await hashPieces([bytes]), content: () => [bytes] };
}

interface Draft {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function writeDraft(
  drafts: WorkFolder,
  manifest: BackupManifest,
  files: readonly PackedFile[],
  parts: BackupParts,
  run: BackupRun,
): Promise<Draft> {
  const json = manifestJson(manifest);
  const first: TarFile = { name: ARCHIVE_NAMES.manifest, bytes: json.length, content: () => [json] };
  const total = files.reduce((sum, { bytes }) => sum + bytes, json.length);
  const counted = countBytes(tarStream([first, ...files]), (done) => {
    run.signal.throwIfAborted();
    run.onProgress({ step: "packing", done: Math.min(done, total), total });
  });
  // Level 1: half the time of the usual 6, for a tenth more bytes.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 1 << 18 });
  const packed = Readable.from(counted, { objectMode: true, highWaterMark: 1 });
  packed.on("error", (cause) => gzip.destroy(cause));
  // Told by whoever reads it, who may not have begun.
  gzip.on("error", () => undefined);
  const compressed = packed.pipe(gzip) as AsyncIterable<Buffer>;
  const { passphrase } = run;
  const path = drafts.file("draft");
  try {
    const content =
      passphrase === undefined
        ? compressed
        : sealed(compressed, passphrase, manifest.summary, parts.keyCost ?? KEY_COST);
    return { path, ...(await writeNewFile(path, content)) };
  } finally {
    packed.destroy();
    gzip.destroy();
  }
}

async function* countBytes(pieces: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    onBytes(bytes);
    yield piece;
  }
}

/** Reads back what was written, with all it is built on, as a restore would. */
async function proveDraft(
  work: WorkFolder,
  draft: StoredBackup,
  draftPath: string,
  plan: KindPlan,
  pathOf: (backup: StoredBackup) => string,
  run: BackupRun,
): Promise<void> {
  const links = plan.kind === "full" ? [draft] : [...plan.parent.links, draft];
  const { signal, passphrase, onProgress } = run;
  const onLink = (done: number) => onProgress({ step: "proving", done, total: links.length });
  onProgress({ step: "proving", done: 0, total: links.length });
  try {
    const into = work.file("proof.db");
    await rebuildDatabase({
      links,
      pathOf: (link) => (link === draft ? draftPath : pathOf(link)),
      passphrase,
      into,
      signal,
      onLink,
    });
  } catch (cause) {
    signal.throwIfAborted();
    const what = "What was written could not be read back as it was";
    if (plan.kind === "full") throw backupError("BACKUP_FAILED", `${what}.`, cause);
    throw backupError("BACKUP_PARENT_UNUSABLE", `${what}, with the backups it builds on.`, cause);
  }
}
