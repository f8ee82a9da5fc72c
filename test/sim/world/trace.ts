import { createHash } from "node:crypto";

/** What happened in a run, line by line. Two runs of one seed are the same when their hashes are. */
export interface Trace {
  note(line: string): void;
  /** The newest lines, all of them when the run keeps them. */
  lines(): readonly string[];
  hash(): string;
}

const RECENT = 60;

export function createTrace(now: () => number, start: number, keepsAll: boolean): Trace {
  const digest = createHash("sha256");
  let lines: string[] = [];
  return {
    note(line) {
      const timed = `${((now() - start) / 1_000).toFixed(3).padStart(9)} ${line}`;
      digest.update(timed);
      lines.push(timed);
      if (!keepsAll && lines.length > 2 * RECENT) lines = lines.slice(-RECENT);
    },
    lines: () => lines,
    hash: () => digest.copy().digest("hex").slice(0, 16),
  };
}
