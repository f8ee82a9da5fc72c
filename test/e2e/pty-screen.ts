import { join } from "node:path";
import type { IPty } from "@lydell/node-pty";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

export const PROGRAM = join(import.meta.dirname, "../../bin/tapedeck.js");

export interface ScreenOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** The built program in a real pseudo-terminal, its screen read through a terminal emulator. */
export class PtyScreen {
  readonly #pty: IPty;
  readonly terminal: xterm.Terminal;
  readonly exited: Promise<{ readonly exitCode: number; readonly signal: number }>;
  #onData: (() => void)[] = [];

  constructor({ args, env, columns = 160, rows = 45 }: ScreenOptions) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty = spawn(process.execPath, [PROGRAM, ...args], {
      name: "xterm-256color",
      cols: columns,
      rows,
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color", COLORTERM: "truecolor", LANG: "C.UTF-8", ...env },
    });
    this.#pty.onData((data) => {
      this.terminal.write(data, () => {
        const waiting = this.#onData;
        this.#onData = [];
        for (const wake of waiting) wake();
      });
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        // The emulator reads behind: this comes after all that the program has written.
        this.terminal.write("", () => {
          resolve({ exitCode, signal: signal ?? 0 });
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  text(): string {
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    for (let y = 0; y < this.terminal.rows; y += 1) {
      lines.push(active.getLine(active.baseY + y)?.translateToString(true) ?? "");
    }
    return lines.join("\n");
  }

  get onAlternateScreen(): boolean {
    return this.terminal.buffer.active.type === "alternate";
  }

  /** Resolves once the screen shows what is wanted; fails with the screen it had instead. */
  async until(
    wanted: RegExp | ((text: string) => boolean),
    what = String(wanted),
    timeoutMs = 15_000,
  ): Promise<string> {
    const fits = typeof wanted === "function" ? wanted : (text: string) => wanted.test(text);
    const deadline = Date.now() + timeoutMs;
    while (!fits(this.text())) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`the screen never showed ${what}:\n${this.text()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#onData.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.text();
  }
}
