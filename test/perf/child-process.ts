import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";

/** A process of a bench, which says once that it is ready and then answers one message after the other. */
export interface BenchProcess {
  /** What it said when it was ready. */
  readonly ready: unknown;
  ask(message: object): Promise<unknown>;
  /** It ends by itself once nobody listens; resolves when it is gone. */
  close(): Promise<void>;
}

export async function startBenchProcess(file: string, words: readonly string[]): Promise<BenchProcess> {
  const child = fork(file, words, { execArgv: [], stdio: ["ignore", 2, 2, "ipc"] });
  return {
    ready: await replyOf(child, file),
    ask(message) {
      child.send(message);
      return replyOf(child, file);
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** The next message of a child. @throws Error when it ends before it says anything */
export async function replyOf(child: ChildProcess, what: string): Promise<unknown> {
  const gone = new AbortController();
  const failed = once(child, "exit", { signal: gone.signal }).then(() => {
    throw new Error(`${what} ended before it answered`);
  });
  try {
    const [reply] = (await Promise.race([once(child, "message", { signal: gone.signal }), failed])) as [unknown];
    return reply;
  } finally {
    failed.catch(() => undefined);
    gone.abort();
  }
}
