import type { Output } from "../io.ts";

/** Lines on their way to a reader that may be slower than they come. */
export interface LineQueue {
  push(line: string): void;
  /** Lines that wait for the reader. */
  readonly waiting: number;
  /** Resolves once the reader has everything. */
  end(): Promise<void>;
}

const CHUNK_LINES = 2_000;
/** Written lines that are let go of at once. */
const SPENT_LINES = 50_000;

/** Gathers lines and writes them in large pieces, the next only when the reader has taken the one before. */
export function createLineQueue(out: Output): LineQueue {
  let lines: string[] = [];
  let next = 0;
  let writing: Promise<void> | undefined;

  function push(line: string): void {
    lines.push(line);
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
  }

  async function writeAll(): Promise<void> {
    // One turn of the loop, so that everything one packet brought goes out together.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    while (next < lines.length && !out.closed.aborted) {
      const chunk = lines.slice(next, next + CHUNK_LINES);
      next += chunk.length;
      // A reader that is always a little behind would never let the list be emptied.
      if (next >= SPENT_LINES) {
        lines = lines.slice(next);
        next = 0;
      }
      out.write(`${chunk.join("\n")}\n`);
      await out.drained();
    }
    lines = [];
    next = 0;
  }

  return {
    push,
    get waiting() {
      return lines.length - next;
    },
    async end() {
      await writing;
    },
  };
}
