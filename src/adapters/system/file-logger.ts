import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "../../core/ports/logger.ts";
import { loggable } from "./log-fields.ts";

export interface FileLoggerOptions {
  readonly file: string;
  /** Wall clock, ms since 1970 UTC. */
  readonly now: () => number;
  /** A file this large is put aside before the next line. */
  readonly maxBytes?: number;
  /** How many files put aside are kept, as `file.1` (newest) and up. */
  readonly keep?: number;
}

const DEFAULT_MAX_BYTES = 5_000_000;
const DEFAULT_KEEP = 3;

/**
 * One JSON object a line, in a file for the owner alone. Each line is appended in one write, so processes can share the
 * file. Never throws: a log that cannot be written must not stop a trade.
 */
export function createFileLogger(options: FileLoggerOptions): Logger {
  const { file, maxBytes = DEFAULT_MAX_BYTES, keep = DEFAULT_KEEP } = options;

  function write(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    try {
      rotateWhenFull(file, maxBytes, keep);
      const time = new Date(options.now()).toISOString();
      const about = { time, level, pid: process.pid, message: loggable(message) };
      // Named twice: first to stand in front, last so that no field can pose as them.
      const line = JSON.stringify({ ...about, ...(loggable(fields) as object), ...about });
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      // Nowhere is left to say so.
    }
  }

  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) chmodSync(file, 0o600);
  } catch {
    // The first write fails the same way, and is let go the same way.
  }
  return {
    info: (message, fields) => {
      write("info", message, fields);
    },
    warn: (message, fields) => {
      write("warn", message, fields);
    },
    error: (message, fields) => {
      write("error", message, fields);
    },
  };
}

function rotateWhenFull(file: string, maxBytes: number, keep: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < maxBytes) return;
  for (let at = keep; at >= 1; at -= 1) {
    const from = at === 1 ? file : `${file}.${at - 1}`;
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${file}.${at}`);
  }
}
