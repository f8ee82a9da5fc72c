import type { WriteStream } from "node:tty";

/** The part of a process the guard listens to; a test hands in its own. */
export interface ProcessLike {
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  readonly pid: number;
}

export interface InputLike {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface TerminalGuard {
  /** Gives the terminal back as it was found. Safe to call again and again. */
  restore(): void;
  /** Gives the terminal back and stops the process, as ctrl-z does; SIGCONT takes it again. */
  suspend(): void;
}

export interface TerminalGuardParts {
  readonly stdout: Pick<WriteStream, "write">;
  readonly stdin: InputLike;
  readonly process: ProcessLike;
  /** The session is to end: by signal, or by a fault that is told after the terminal is back. */
  readonly onEnd: (why: { readonly signal: NodeJS.Signals } | { readonly fault: unknown }) => void;
  readonly onSuspend: () => void;
  /** The terminal is ours again and shows anything: draw everything. */
  readonly onResume: () => void;
  readonly schedule: (run: () => void, waitMs: number) => () => void;
}

// Alternate screen, no cursor, bracketed paste; and each of them back.
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[2J";
const LEAVE = "\u001b[0m\u001b[?2004l\u001b[?25h\u001b[?1049l";
/** A process that nobody can continue is not stopped at all; then the terminal is taken back after this time, ms. */
const STOP_WAIT_MS = 250;
const ENDING_SIGNALS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"];

/** Takes the terminal over and makes sure it is given back on every way out, crashes included. */
export function guardTerminal(parts: TerminalGuardParts): TerminalGuard {
  const { stdout, stdin, process } = parts;
  let taken = false;
  let cancelWait: (() => void) | undefined;

  function take(): void {
    taken = true;
    stdout.write(ENTER);
    stdin.setRawMode?.(true);
    stdin.resume();
  }

  function giveBack(): void {
    if (!taken) return;
    taken = false;
    // The terminal may be gone, and each step has to be tried whatever became of the one before.
    attempt(() => stdout.write(LEAVE));
    attempt(() => stdin.setRawMode?.(false));
    attempt(() => stdin.pause());
  }

  const listeners: (readonly [string, (...args: never[]) => void])[] = [
    ["exit", giveBack],
    ["uncaughtException", (fault: unknown) => endWith({ fault })],
    ["unhandledRejection", (fault: unknown) => endWith({ fault })],
    ["SIGTSTP", suspend],
    ["SIGCONT", resume],
  ];

  function endWith(why: Parameters<TerminalGuardParts["onEnd"]>[0]): void {
    restore();
    parts.onEnd(why);
  }

  function suspend(): void {
    if (!taken) return;
    parts.onSuspend();
    giveBack();
    process.off("SIGTSTP", suspend);
    // The whole group stops, as it does for any ctrl-z: the shell waits for the launcher or for npm, not for us.
    attempt(() => process.kill(0, "SIGTSTP"));
    cancelWait = parts.schedule(resume, STOP_WAIT_MS);
  }

  function resume(): void {
    cancelWait?.();
    cancelWait = undefined;
    if (taken) {
      // Stopped by SIGSTOP, unasked: the shell has changed the terminal, though it still counts as raw here.
      attempt(() => stdin.setRawMode?.(false));
    } else process.on("SIGTSTP", suspend);
    attempt(take);
    parts.onResume();
  }

  function restore(): void {
    cancelWait?.();
    giveBack();
    for (const [event, listener] of listeners) process.off(event, listener);
  }

  for (const [event, listener] of listeners) process.on(event, listener);
  // These stay when the screen is gone: a signal that comes while the program closes must not cut it short.
  for (const signal of ENDING_SIGNALS) process.on(signal, () => endWith({ signal }));
  take();
  return { restore, suspend };
}

function attempt(step: () => unknown): void {
  try {
    step();
  } catch {
    // There is nobody left to tell.
  }
}
