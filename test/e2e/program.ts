import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM } from "./pty-screen.ts";

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started program whose output is gathered. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout(): string;
  /** Resolves with the first line of stdout that satisfies the test. */
  line(wanted: (line: string) => boolean): Promise<string>;
}

export type Env = Readonly<Record<string, string>>;

export function start(args: readonly string[], env: Env): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    for (const look of watchers) look();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    finished,
    stdout: () => stdout,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = stdout.split("\n").slice(0, -1).find(wanted);
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        void finished.then(({ code }) => {
          reject(new Error(`ended with ${code} before the line came: ${stdout}\n${stderr}`));
        });
        look();
      }),
  };
}

export function run(args: readonly string[], env: Env): Promise<Finished> {
  return start(args, env).finished;
}

export async function runJson<T = Record<string, unknown>>(args: readonly string[], env: Env): Promise<T> {
  const { code, stdout, stderr } = await run([...args, "--json"], env);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

export interface Simulator {
  readonly rest: string;
  readonly ws: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly running: Running;
  /** What a console needs to trade there. */
  readonly env: Env;
  control(path: string, body: object): Promise<void>;
  ledger(): Promise<Ledger>;
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

export interface Ledger {
  readonly accounts: Readonly<
    Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>
  >;
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string;
    readonly side: string;
    readonly status: string;
    readonly executedQuantity: string;
  }[];
}

export async function startSimulator(args: readonly string[], home: string): Promise<Simulator> {
  const running = start(["sim", "serve", ...args], { TAPEDECK_HOME: home });
  const ready = JSON.parse(await running.line((line) => line.startsWith("{"))) as Omit<Simulator, "env">;
  const { rest, ws, apiKey, apiSecret } = ready;
  return {
    rest,
    ws,
    apiKey,
    apiSecret,
    running,
    env: {
      TAPEDECK_HOME: home,
      TAPEDECK_REST_URL: rest,
      TAPEDECK_WS_URL: ws,
      MEXC_API_KEY: apiKey,
      MEXC_API_SECRET: apiSecret,
    },
    async control(path, body) {
      const answer = await fetch(`${rest}/_sim/${path}`, { method: "POST", body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    ledger: async () => (await (await fetch(`${rest}/_sim/ledger`)).json()) as Ledger,
    stop(signal = "SIGTERM") {
      running.child.kill(signal);
      return running.finished;
    },
  };
}

/** A home of its own, removed at the end. */
export function makeHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tapedeck-e2e-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
