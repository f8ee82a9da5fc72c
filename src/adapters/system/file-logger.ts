import type { Logger } from "../../core/ports/logger.ts";
import { loggable } from "./log-fields.ts";
import type { RotatingLinesOptions } from "./rotating-lines.ts";
import { appendRotating, openRotatingLines } from "./rotating-lines.ts";

export interface FileLoggerOptions extends RotatingLinesOptions {
  /** Wall clock, ms since 1970 UTC. */
  readonly now: () => number;
}

/**
 * One JSON object a line, in a file for the owner alone. Each line is appended in one write, so processes can share the
 * file. Never throws: a log that cannot be written must not stop a trade.
 */
export function createFileLogger(options: FileLoggerOptions): Logger {
  function write(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    try {
      const time = new Date(options.now()).toISOString();
      const about = { time, level, pid: process.pid, message: loggable(message) };
      // Named twice: first to stand in front, last so that no field can pose as them.
      const line = JSON.stringify({ ...about, ...(loggable(fields) as object), ...about });
      appendRotating(options, `${line}\n`);
    } catch {
      // Nowhere is left to say so.
    }
  }

  try {
    openRotatingLines(options);
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
