import { createHash } from "node:crypto";
import { PAGE_HASH_BYTES } from "../../core/domain/backup/page-changes.ts";
import { readPieces } from "./durable-file.ts";

const PAGES_AT_ONCE = 256;
/** Where SQLite's header says how long a page is. */
const PAGE_BYTES_AT = 16;

export interface HashedDatabase {
  readonly bytes: number;
  readonly pageBytes: number;
  readonly sha256: string;
  /** Of all pages, one behind the other. */
  readonly pageHashes: Buffer;
}

/** Reads a database file once. @throws Error when it is none, or ends within a page. */
export async function hashDatabase(
  file: string,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<HashedDatabase> {
  const whole = createHash("sha256");
  const hashes: Buffer[] = [];
  let pageBytes = 0;
  let bytes = 0;
  for await (const piece of readPieces(file, signal, 65_536 * PAGES_AT_ONCE)) {
    if (pageBytes === 0) pageBytes = readPageBytes(piece);
    if (piece.length % pageBytes !== 0) throw new Error("it ends within a page");
    whole.update(piece);
    for (let at = 0; at < piece.length; at += pageBytes) {
      const hash = createHash("sha256")
        .update(piece.subarray(at, at + pageBytes))
        .digest();
      hashes.push(hash.subarray(0, PAGE_HASH_BYTES));
    }
    bytes += piece.length;
    onBytes?.(bytes);
  }
  if (pageBytes === 0) throw new Error("it is empty");
  return { bytes, pageBytes, sha256: whole.digest("hex"), pageHashes: Buffer.concat(hashes) };
}

function readPageBytes(start: Buffer): number {
  if (start.length < 100 || start.toString("latin1", 0, 15) !== "SQLite format 3") throw new Error("it is no database");
  const stored = start.readUInt16BE(PAGE_BYTES_AT);
  return stored === 1 ? 65_536 : stored;
}
