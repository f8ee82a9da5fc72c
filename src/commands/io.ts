import { processEnv } from "../app/config/env.ts";
import { createInterface } from "node:readline/promises";
import { askSecret } from "./ask-secret.ts";
import type { Env } from "../app/config/env.ts";
import type { Terminal } from "../tui/main.tsx";

/** One of the two ways out. */
export interface Output {
  readonly isTty: boolean;
  /** Width in cells; 80 where nobody knows. */
  readonly columns: number;
  readonly rows: number | undefined;
  write(text: string): void;
  /** Resolves once the reader has taken what was written, or will never take it. */
  drained(): Promise<void>;
  /** Aborts when the reader has gone away or a write failed. Later writes are dropped in silence. */
  readonly closed: AbortSignal;
  /** The operating system's code of the write that failed, such as ENOSPC; a reader gone away is no failure. */
  readonly failure: string | undefined;
}

/** All a command knows of the process it runs in. */
export interface Io {
  readonly env: Env;
  /** Data. */
  readonly out: Output;
  /** Everything else: messages, progress, errors. */
  readonly err: Output;
  readonly stdinIsTty: boolean;
  /** Aborts at Ctrl-C and SIGTERM; its reason is the signal's name. */
  readonly interrupt: AbortSignal;
  now(): number;
  /** Resolves after the wait, or rejects when the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
  /** Asks the person at the terminal. Only with a terminal on stdin and stderr. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** The same for what nobody may read over a shoulder: nothing typed is shown. */
  askSecret(question: string, signal: AbortSignal): Promise<string>;
  /** What the full-screen console runs on. */
  readonly terminal: Terminal;
}

/** The process as it is. A second Ctrl-C ends it at once. */
export function createProcessIo(): Io {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(130);
      interrupt.abort(signal);
    });
  }
  return {
    env: processEnv(),
    out: createOutput(process.stdout),
    err: createOutput(process.stderr),
    stdinIsTty: process.stdin.isTTY,
    interrupt: interrupt.signal,
    now: () => Date.now(),
    sleep,
    ask: async (question, signal) => {
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await reader.question(question, { signal });
      } finally {
        reader.close();
      }
    },
    askSecret: (question, signal) =>
      askSecret(process.stdin, process.stderr, question, signal, () => process.emit("SIGINT")),
    terminal: {
      stdin: process.stdin,
      stdout: process.stdout,
      env: processEnv(),
      process: {
        on: (event, listener) => process.on(event, listener as (...values: unknown[]) => void),
        off: (event, listener) => process.off(event, listener as (...values: unknown[]) => void),
        kill: (pid, signal) => process.kill(pid, signal),
        pid: process.pid,
      },
    },
  };
}

function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new Error("the wait was ended", { cause: signal.reason }));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, durationMs);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function createOutput(stream: NodeJS.WriteStream): Output {
  const closed = new AbortController();
  let failure: string | undefined;
  stream.on("error", (fault: NodeJS.ErrnoException) => {
    // The screen writes past us, so it would go on for a terminal that is no more.
    if (stream.isTTY && fault.code !== "EPIPE") throw fault;
    // Whoever read us (`| head`) has seen enough; that is no failure of ours.
    const isReaderGone = fault.code === "EPIPE" || fault.code === "ERR_STREAM_DESTROYED";
    if (!isReaderGone) failure ??= fault.code ?? fault.message;
    closed.abort(failure ?? "EPIPE");
  });
  return {
    isTty: stream.isTTY,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : undefined;
    },
    write: (text) => {
      if (!closed.signal.aborted) stream.write(text);
    },
    drained: () => {
      if (closed.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        // What was written at once may have failed at once; that is told in the next turn.
        if (stream.writableLength === 0) {
          setImmediate(resolve);
          return;
        }
        closed.signal.addEventListener("abort", () => resolve(), { once: true });
        stream.write("", () => resolve());
      });
    },
    closed: closed.signal,
    get failure() {
      return failure;
    },
  };
}
