import xterm from "@xterm/headless";
import { expect, it } from "vitest";
import type { ProcessLike } from "../../../src/tui/terminal/terminal-guard.ts";
import { guardTerminal } from "../../../src/tui/terminal/terminal-guard.ts";

type Listener = (...args: never[]) => void;

class FakeProcess implements ProcessLike {
  readonly pid = 4242;
  readonly sent: (readonly [number, string])[] = [];
  readonly #listeners: { readonly event: string; readonly listener: Listener }[] = [];
  on(event: string, listener: Listener): void {
    this.#listeners.push({ event, listener });
  }
  off(event: string, listener: Listener): void {
    const at = this.#listeners.findIndex((it) => it.event === event && it.listener === listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
  kill(pid: number, signal: NodeJS.Signals): void {
    this.sent.push([pid, signal]);
  }
  emit(event: string, detail?: unknown): void {
    for (const { listener } of this.#listeners.filter((it) => it.event === event)) {
      (listener as (detail: unknown) => void)(detail);
    }
  }
  heard(): readonly string[] {
    return this.#listeners.map((it) => it.event);
  }
}

function setup() {
  const process = new FakeProcess();
  const written: string[] = [];
  const modes: boolean[] = [];
  const told: string[] = [];
  const due: (() => void)[] = [];
  let broken = false;
  const guard = guardTerminal({
    process,
    stdout: {
      write: (bytes: string | Uint8Array) => {
        written.push(String(bytes));
        return true;
      },
    },
    stdin: {
      setRawMode: (on) => {
        if (broken) throw new Error("setRawMode EIO");
        modes.push(on);
      },
      resume: () => {},
      pause: () => {},
    },
    onEnd: (why) => told.push("signal" in why ? why.signal : String(why.fault)),
    onSuspend: () => told.push("suspend"),
    onResume: () => told.push("resume"),
    schedule: (run) => {
      due.push(run);
      return () => {
        due.splice(due.indexOf(run), 1);
      };
    },
  });
  const state = async () => {
    const terminal = new xterm.Terminal({ cols: 20, rows: 5, allowProposedApi: true });
    await new Promise<void>((resolve) => terminal.write(written.join(""), resolve));
    return {
      buffer: terminal.buffer.active.type,
      paste: terminal.modes.bracketedPasteMode,
      cursorBack: written.join("").lastIndexOf("\u001b[?25h") > written.join("").lastIndexOf("\u001b[?25l"),
      raw: modes.at(-1),
    };
  };
  return {
    guard,
    process,
    told,
    due,
    modes,
    state,
    breakTerminal: () => {
      broken = true;
    },
  };
}

const TAKEN = { buffer: "alternate", paste: true, cursorBack: false, raw: true };
const GIVEN_BACK = { buffer: "normal", paste: false, cursorBack: true, raw: false };

it("takes the terminal, and gives it back on a normal end", async () => {
  const { guard, process, state } = setup();
  expect(await state()).toEqual(TAKEN);
  guard.restore();
  guard.restore();
  expect(await state()).toEqual(GIVEN_BACK);
  // Signals stay heard: one that comes while the program closes must not cut it short.
  expect(process.heard()).toEqual(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"]);
});

it.each([
  ["SIGTERM", undefined, ["SIGTERM"]],
  ["SIGINT", undefined, ["SIGINT"]],
  ["SIGHUP", undefined, ["SIGHUP"]],
  ["SIGQUIT", undefined, ["SIGQUIT"]],
  ["uncaughtException", new Error("boom"), ["Error: boom"]],
  ["unhandledRejection", new Error("late"), ["Error: late"]],
  ["exit", 0, []],
])("gives it back on %s", async (event, detail, expected) => {
  const { process, state, told } = setup();
  process.emit(event, detail);
  expect(await state()).toEqual(GIVEN_BACK);
  expect(told).toEqual(expected);
});

it("tells the fault although the terminal is gone", () => {
  const { process, told, breakTerminal } = setup();
  breakTerminal();
  process.emit("uncaughtException", new Error("read EIO"));
  expect(told).toEqual(["Error: read EIO"]);
});

it.each(["ctrl-z", "SIGTSTP"])("stops the whole group on %s, and is back on SIGCONT", async (how) => {
  const { guard, process, told, state, due } = setup();
  if (how === "ctrl-z") guard.suspend();
  else process.emit("SIGTSTP");
  expect(await state()).toEqual(GIVEN_BACK);
  expect(process.sent).toEqual([[0, "SIGTSTP"]]);
  // With nobody listening the signal does what it always does.
  expect(process.heard().filter((it) => it === "SIGTSTP").length).toBe(0);
  process.emit("SIGCONT");
  expect(await state()).toEqual(TAKEN);
  expect(told).toEqual(["suspend", "resume"]);
  expect([process.heard().filter((it) => it === "SIGTSTP").length, due.length]).toEqual([1, 0]);
});

it("takes the terminal again where nobody could have continued it", async () => {
  const { guard, due, state, told } = setup();
  guard.suspend();
  due[0]?.();
  expect(await state()).toEqual(TAKEN);
  expect(told).toEqual(["suspend", "resume"]);
});

it("sets the terminal up again after a stop it was not asked about", async () => {
  const { process, modes, told, state } = setup();
  process.emit("SIGCONT");
  expect(modes).toEqual([true, false, true]);
  expect(told).toEqual(["resume"]);
  expect(await state()).toEqual(TAKEN);
});
