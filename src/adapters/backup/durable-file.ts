import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 1 << 20;

/**
 * Writes what comes into a new file for the owner alone, and returns once it is on disk.
 * @throws Error when the file exists already.
 */
export async function writeNewFile(
  path: string,
  content: AsyncIterable<Buffer>,
  onBytes?: (bytes: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const handle = await open(path, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of content) {
      await writeAll(handle, piece, undefined);
      hash.update(piece);
      bytes += piece.length;
      onBytes?.(bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

export async function writeAll(handle: FileHandle, bytes: Buffer, position: number | undefined): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const at = position === undefined ? null : position + done;
    done += (await handle.write(bytes, done, bytes.length - done, at)).bytesWritten;
  }
}

/** A file in pieces, each a buffer of its own. */
export async function* readPieces(path: string, signal: AbortSignal, pieceBytes = CHUNK_BYTES): AsyncGenerator<Buffer> {
  const handle = await open(path, "r");
  try {
    for (;;) {
      signal.throwIfAborted();
      const piece = Buffer.allocUnsafe(pieceBytes);
      let filled = 0;
      while (filled < pieceBytes) {
        const { bytesRead } = await handle.read(piece, filled, pieceBytes - filled, null);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > 0) yield piece.subarray(0, filled);
      if (filled < pieceBytes) return;
    }
  } finally {
    await handle.close();
  }
}

export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of readPieces(path, signal)) hash.update(piece);
  return hash.digest("hex");
}

/** Makes what was renamed in a folder durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
