import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { PassThrough, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { BackupSummary } from "../../core/domain/backup/backup.ts";
import type { ArchivedFile, BackupManifest } from "../../core/domain/backup/manifest.ts";
import { ARCHIVE_NAMES } from "../../core/domain/backup/manifest.ts";
import { asBackupError, backupError } from "./backup-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import { createByteReader } from "./byte-reader.ts";
import { parseManifest } from "./manifest-json.ts";
import { readSealHead, unsealed } from "./seal.ts";
import type { TarEntry } from "./tar-stream.ts";
import { readTar } from "./tar-stream.ts";

const CHUNK_BYTES = 1 << 18;
/** A hundred thousand files beside the database need no more. */
const LARGEST_MANIFEST_BYTES = 32 << 20;

export interface ArchiveSource {
  readonly path: string;
  /** For messages: the file's name without its folder. */
  readonly file: string;
  readonly sealed: boolean;
  readonly passphrase: Uint8Array | undefined;
}

/** A file of the archive as it is read; its content proves itself against the manifest as it ends. */
export interface ArchiveMember extends ArchivedFile {
  readonly content: AsyncGenerator<Buffer>;
}

/**
 * Opens an archive, checks its manifest, and hands its files out in order. Whatever work ends, the file is closed.
 * @throws AppError BACKUP_DAMAGED, BACKUP_HOSTILE, BACKUP_FORMAT_NEWER, BACKUP_PASSPHRASE_NEEDED or _WRONG.
 */
export async function readArchive<T>(
  source: ArchiveSource,
  signal: AbortSignal,
  work: (manifest: BackupManifest, members: AsyncGenerator<ArchiveMember>) => Promise<T>,
): Promise<T> {
  const raw = createReadStream(source.path, { highWaterMark: CHUNK_BYTES, signal });
  const sink = new PassThrough({ highWaterMark: CHUNK_BYTES });
  try {
    const compressed = await openSeal(createByteReader(raw), raw, source);
    // The end of the pipe is told by what is read from it; left early, it is torn down below.
    const piped = pipeline(compressed, createGunzip({ chunkSize: CHUNK_BYTES }), sink, { signal });
    piped.catch(() => undefined);
    const reader = createByteReader(sink as AsyncIterable<Buffer>);
    return await work(...(await openManifest(reader, source.file)));
  } catch (cause) {
    signal.throwIfAborted();
    // What the disk refuses is told by whoever asked for the work.
    const isOfGzip = cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_");
    throw isOfGzip ? asBackupError("BACKUP_DAMAGED", `${source.file} cannot be unpacked`, cause) : cause;
  } finally {
    sink.destroy();
    raw.destroy();
  }
}

async function openSeal(reader: ByteReader, raw: Readable, source: ArchiveSource): Promise<Readable> {
  const { sealed, passphrase, file } = source;
  if (!sealed) return raw;
  const head = await readSealHead(reader, file);
  if (passphrase === undefined) throw backupError("BACKUP_PASSPHRASE_NEEDED", `${file} is sealed.`);
  return Readable.from(unsealed(reader, head, passphrase, file), { objectMode: true, highWaterMark: 1 });
}

async function openManifest(
  reader: ByteReader,
  file: string,
): Promise<[BackupManifest, AsyncGenerator<ArchiveMember>]> {
  const entries = readTar(reader, file);
  const first = await entries.next();
  if (first.done === true || first.value.name !== ARCHIVE_NAMES.manifest)
    throw backupError("BACKUP_HOSTILE", `${file} does not begin with a manifest.`);
  if (first.value.bytes > LARGEST_MANIFEST_BYTES)
    throw backupError("BACKUP_HOSTILE", `The manifest of ${file} is far too long.`);
  const pieces: Buffer[] = [];
  for await (const piece of first.value.content) pieces.push(piece);
  const manifest = parseManifest(Buffer.concat(pieces), file);
  return [manifest, membersOf(manifest, entries, file)];
}

/** The files, exactly those the manifest names, in its order: none twice, none more, none longer. */
async function* membersOf(
  manifest: BackupManifest,
  entries: AsyncGenerator<TarEntry>,
  file: string,
): AsyncGenerator<ArchiveMember> {
  for (const expected of manifest.files) {
    const { value: entry, done } = await entries.next();
    if (done === true || entry.name !== expected.name || entry.bytes !== expected.bytes) {
      const found = done === true ? "its end" : `"${entry.name}"`;
      throw backupError("BACKUP_HOSTILE", `${file} holds ${found} where "${expected.name}" should be.`);
    }
    const content = proved(entry.content, expected, file);
    yield { ...expected, content };
    // What nobody wanted is proved all the same.
    for await (const _ of content);
  }
  const { value: surplus, done } = await entries.next();
  if (done !== true) throw backupError("BACKUP_HOSTILE", `${file} holds "${surplus.name}", which it does not name.`);
}

async function* proved(content: AsyncGenerator<Buffer>, expected: ArchivedFile, file: string): AsyncGenerator<Buffer> {
  const hash: Hash = createHash("sha256");
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== expected.sha256)
    throw backupError("BACKUP_DAMAGED", `${file} was changed: "${expected.name}" is not what it was.`);
}

/** What a list shows. Nothing of it is proved; `readArchive` proves. @throws AppError as `readArchive`. */
export async function readSummary(source: Omit<ArchiveSource, "passphrase">): Promise<BackupSummary> {
  if (!source.sealed) {
    const never = new AbortController().signal;
    return readArchive({ ...source, passphrase: undefined }, never, (manifest) => Promise.resolve(manifest.summary));
  }
  const raw = createReadStream(source.path, { highWaterMark: CHUNK_BYTES });
  try {
    return (await readSealHead(createByteReader(raw), source.file)).summary;
  } catch (cause) {
    throw asBackupError("BACKUP_DAMAGED", `${source.file} cannot be read`, cause);
  } finally {
    raw.destroy();
  }
}
