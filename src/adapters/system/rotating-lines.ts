import { appendFileSync, chmodSync, mkdirSync, renameSync, rmdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

export interface RotatingLinesOptions {
  readonly file: string;
  /** A file this large is put aside before the next line. */
  readonly maxBytes?: number;
  /** How many files put aside are kept, as `file.1` (newest) and up. */
  readonly keep?: number;
}

const DEFAULT_MAX_BYTES = 5_000_000;
const DEFAULT_KEEP = 3;

/** Makes the folder, and takes a file that is there away from everybody but its owner. @throws the file system's error */
export function openRotatingLines({ file }: RotatingLinesOptions): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) chmodSync(file, 0o600);
}

/**
 * Appends a line to a file of bounded size, for the owner alone. Each line is one write to whatever bears the name at that
 * moment, so processes can share the file, and a line that meets another one's turning lands in the file put aside.
 * @param line with its line break @throws the file system's error
 */
export function appendRotating(options: RotatingLinesOptions, line: string): void {
  const { file, maxBytes = DEFAULT_MAX_BYTES, keep = DEFAULT_KEEP } = options;
  if (isFull(file, maxBytes)) turn(file, maxBytes, keep);
  appendFileSync(file, line, { mode: 0o600 });
}

function isFull(file: string, maxBytes: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= maxBytes;
}

/** A process that died while it turned must not keep the others from it for ever, ms. */
const STALE_MS = 10_000;

/** One process turns at a time: two at once would put the new file aside, too, and drop the oldest for nothing. */
function turn(file: string, maxBytes: number, keep: number): void {
  const lock = `${file}.turning`;
  if (!take(lock)) return;
  try {
    if (!isFull(file, maxBytes)) return;
    for (let at = keep; at >= 1; at -= 1) {
      const from = at === 1 ? file : `${file}.${at - 1}`;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${file}.${at}`);
    }
  } finally {
    rmdirSync(lock);
  }
}

/** @returns whether it is ours; else the line goes into the full file, and a later one turns it. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE_MS) removeStale(lock);
    return false;
  }
}

function removeStale(lock: string): void {
  try {
    rmdirSync(lock);
  } catch {
    // Another process was first.
  }
}
