import { Header } from "tar";
import { isArchiveName } from "../../core/domain/backup/manifest.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { backupError } from "./backup-error.ts";
import type { ByteReader } from "./byte-reader.ts";

const BLOCK_BYTES = 512;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

/** A file on its way into an archive. Its bytes must be as many as it says. */
export interface TarFile {
  readonly name: string;
  readonly bytes: number;
  readonly content: () => AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** @throws Error when the name or the size does not fit a plain header: such a file cannot be archived. */
export function tarHeader(name: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  new Header({ path: name, size: bytes, mode: 0o600, uid: 0, gid: 0, mtime: new Date(0), type: "File" }).encode(block);
  const back = new Header(block);
  if (back.path !== name || back.size !== bytes) throw new Error(`"${safeText(name)}" does not fit a tar header`);
  return block;
}

export async function* tarStream(files: Iterable<TarFile>): AsyncGenerator<Buffer> {
  for (const { name, bytes, content } of files) {
    yield tarHeader(name, bytes);
    let left = bytes;
    for await (const piece of content()) {
      left -= piece.length;
      yield piece;
    }
    if (left !== 0) throw new Error(`"${safeText(name)}" changed while it was read`);
    yield Buffer.alloc(paddingAfter(bytes));
  }
  yield ZERO_BLOCK;
  yield ZERO_BLOCK;
}

/** A file on its way out. Its content has to be taken before the next one is. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncGenerator<Buffer>;
}

/**
 * The files of an archive as this program writes them, and of no other: a header must be, byte for byte, the one we
 * would write for that name and size. So a link, a device, a folder, a set-user-id bit, a long name of pax or GNU and a
 * number in another notation have no way in.
 *
 * @throws AppError BACKUP_HOSTILE for what we never write, BACKUP_DAMAGED for what is cut off or changed.
 */
export async function* readTar(reader: ByteReader, file: string): AsyncGenerator<TarEntry> {
  const truncated = () => backupError("BACKUP_DAMAGED", `${file} is cut off.`);
  for (;;) {
    const block = await reader.take(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) throw truncated();
    if (block.equals(ZERO_BLOCK)) break;
    const { name, bytes } = readHeader(block, file);
    yield { name, bytes, content: reader.pieces(bytes, truncated) };
    const padding = await reader.take(paddingAfter(bytes));
    if (padding.length < paddingAfter(bytes)) throw truncated();
    if (padding.some((byte) => byte !== 0)) throw stray(file, "between its files");
  }
  const end = await reader.take(BLOCK_BYTES);
  if (end.length < BLOCK_BYTES) throw truncated();
  if (!end.equals(ZERO_BLOCK) || (await reader.take(1)).length > 0) throw stray(file, "behind its end");
}

function readHeader(block: Buffer, file: string): { readonly name: string; readonly bytes: number } {
  let header: Header;
  try {
    header = new Header(block);
  } catch (cause) {
    throw backupError("BACKUP_DAMAGED", `${file} has an unreadable header.`, cause);
  }
  if (!header.cksumValid) throw backupError("BACKUP_DAMAGED", `${file} was changed: the sum of a header is wrong.`);
  const { path = "", size = -1, type } = header;
  if (type !== "File") throw hostile(file, `"${safeText(path, 80)}" is no plain file but ${safeText(type)}`);
  if (!isArchiveName(path)) throw hostile(file, `"${safeText(path, 80)}" is no name it may hold`);
  if (!Number.isSafeInteger(size) || size < 0 || !isOurHeader(block, path, size))
    throw hostile(file, `the header of "${safeText(path, 80)}" is not as this program writes it`);
  return { name: path, bytes: size };
}

function isOurHeader(block: Buffer, name: string, bytes: number): boolean {
  try {
    return tarHeader(name, bytes).equals(block);
  } catch {
    return false;
  }
}

function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

function stray(file: string, where: string): Error {
  return backupError("BACKUP_DAMAGED", `${file} was changed: something stands ${where}.`);
}

function hostile(file: string, why: string): Error {
  return backupError("BACKUP_HOSTILE", `${file} is not one of Tapedeck's: ${why}.`);
}
