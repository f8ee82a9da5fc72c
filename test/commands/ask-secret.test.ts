import { describe, expect, it } from "vitest";
import type { KeySource } from "../../src/commands/ask-secret.ts";
import { askSecret } from "../../src/commands/ask-secret.ts";

function keyboard() {
  let listener: ((keys: string) => void) | undefined;
  const states: string[] = [];
  const keys: KeySource = {
    setRawMode: (on) => states.push(on ? "raw" : "cooked"),
    setEncoding: () => undefined,
    on: (_, wanted) => (listener = wanted),
    off: () => (listener = undefined),
    resume: () => states.push("flowing"),
    pause: () => states.push("paused"),
  };
  let shown = "";
  let interrupts = 0;
  const ending = new AbortController();
  return {
    states,
    shown: () => shown,
    interrupts: () => interrupts,
    press: (text: string) => listener?.(text),
    isListening: () => listener !== undefined,
    abort: () => ending.abort(new Error("gone")),
    ask: () =>
      askSecret(keys, { write: (text) => (shown += text) }, "Passphrase: ", ending.signal, () => {
        interrupts += 1;
      }),
  };
}

describe("a secret typed", () => {
  it("is read to the Enter key and shown nowhere, with its slips mended", async () => {
    const { ask, press, shown, states, isListening } = keyboard();
    const answer = ask();
    press("wrong\u0015hors");
    press("x\u007fe ä\u001b[\r");
    expect(await answer).toBe("horse ä[");
    expect(shown()).toBe("Passphrase: \n");
    expect(states).toEqual(["raw", "flowing", "cooked", "paused"]);
    expect(isListening()).toBe(false);
  });

  it("is given up at Ctrl-C, which counts as one, and at the end of the process", async () => {
    const first = keyboard();
    const answer = first.ask();
    first.press("abc\u0003");
    await expect(answer).rejects.toThrow("not answered");
    expect({ interrupts: first.interrupts(), last: first.states.at(-2) }).toEqual({ interrupts: 1, last: "cooked" });
    const second = keyboard();
    const other = second.ask();
    second.abort();
    await expect(other).rejects.toThrow("taken back");
    expect(second.states.at(-2)).toBe("cooked");
  });
});
