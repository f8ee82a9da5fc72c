import type { Io, Output } from "../../src/commands/io.ts";

export interface FakeIoOptions {
  readonly tty?: boolean;
  readonly stdinIsTty?: boolean;
  readonly errTty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly answer?: string;
  /** What is typed unseen, one after the other. */
  readonly secrets?: readonly string[];
}

/** An `Io` that keeps what was written and lets a test end the process's patience. */
export function createFakeIo(options: FakeIoOptions = {}) {
  const interrupt = new AbortController();
  const out = createFakeOutput(options.tty ?? false, options.columns ?? 120);
  const err = createFakeOutput(options.errTty ?? options.tty ?? false, options.columns ?? 120);
  const questions: string[] = [];
  let secretsAsked = 0;
  let now = 1_700_000_000_000;
  const io: Io = {
    env: options.env ?? {},
    out: out.output,
    err: err.output,
    stdinIsTty: options.stdinIsTty ?? options.tty ?? false,
    interrupt: interrupt.signal,
    now: () => now,
    sleep: (durationMs, signal) => {
      now += durationMs;
      return signal.aborted ? Promise.reject(new Error("ended")) : Promise.resolve();
    },
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(options.answer ?? "");
    },
    askSecret: (question) => {
      questions.push(question);
      return Promise.resolve(options.secrets?.[secretsAsked++] ?? "");
    },
    terminal: {
      stdin: { on: nothing, off: nothing, resume: nothing, pause: nothing },
      stdout: { write: () => true, once: nothing, on: nothing, off: nothing },
      env: {},
      process: { on: nothing, off: nothing, kill: nothing, pid: 1 },
    },
  };
  return {
    io,
    out: out.text,
    err: err.text,
    /** Every line of stdout as the object it is. */
    objects: () => objectsOf(out.text()),
    errors: () => objectsOf(err.text()),
    questions,
    interrupt: (signal: "SIGINT" | "SIGTERM") => {
      interrupt.abort(signal);
    },
    closeOut: out.close,
    /** Every write from now on fails, as on a full disk. */
    failOut: out.fail,
    holdOut: out.hold,
  };
}

export type FakeIo = ReturnType<typeof createFakeIo>;

export interface JsonObject {
  readonly [key: string]: unknown;
}

function objectsOf(text: string): readonly JsonObject[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonObject);
}

function createFakeOutput(isTty: boolean, columns: number) {
  const closed = new AbortController();
  let text = "";
  let failure: string | undefined;
  let held: Promise<void> = Promise.resolve();
  const output: Output = {
    isTty,
    columns,
    rows: 40,
    write: (piece) => {
      if (!closed.signal.aborted) text += piece;
    },
    drained: () => held,
    closed: closed.signal,
    get failure() {
      return failure;
    },
  };
  return {
    output,
    text: () => text,
    close: () => {
      closed.abort("EPIPE");
    },
    fail: (code: string) => {
      failure = code;
      closed.abort(code);
    },
    /** Makes the reader stop reading until the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held = promise.then(() => undefined);
      return () => {
        held = Promise.resolve();
        resolve(undefined);
      };
    },
  };
}

const nothing = (): void => undefined;
