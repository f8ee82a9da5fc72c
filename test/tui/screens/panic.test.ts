import { afterEach, describe, expect, it } from "vitest";
import type { Safety } from "../../../src/app/safety.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { orderSample, protectionSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("qy");
    expect(await ended).toBe(0);
  }
});

type Report = Awaited<ReturnType<Safety["panic"]>>;
const CLEAN: Report = {
  ended: [orderSample({ state: "cancelled" })],
  stillOpen: [],
  unproven: [],
  unread: undefined,
  haltNotWritten: undefined,
  holdings: [],
  protections: [],
};

function show(over: Partial<Report> = {}) {
  const fake = createFakeApp({ orders: [orderSample()] });
  const reasons: string[] = [];
  Object.assign(fake.app.safety, {
    panic: ((options, _signal, onProgress) => {
      reasons.push(options.reason);
      onProgress?.({ open: 1, unproven: 0, isListRead: true });
      return Promise.resolve({ ...CLEAN, ...over });
    }) satisfies Safety["panic"],
  });
  const terminal = createHeadlessTerminal(120, 30);
  open.push({ type: terminal.type, ended: runTui(fake.app, terminal.terminal) });
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  return { ...terminal, reasons, text };
}

describe("the panic key", () => {
  it("asks first, says what it will do, and does nothing for any other answer", async () => {
    const { type, reasons, text } = show();
    type("!");
    await expect.poll(text).toContain("Panic: halt trading and cancel every open order?");
    await expect.poll(text).toContain("1 known to be working here");
    await expect.poll(text).toContain("Nothing is sold.");
    type("\r");
    await expect.poll(text).not.toContain("Panic: halt trading");
    expect(reasons).toEqual([]);
  });

  it("acts when it is pressed once more, and says what was proven", async () => {
    const { type, reasons, text } = show();
    type("!!");
    await expect.poll(text).toContain("Halted; no order is open, 1 ended.");
    expect(reasons).toEqual(["panic at the screen"]);
  });

  it.each<[string, Partial<Report>, string]>([
    ["orders that may still trade", { stillOpen: [orderSample()] }, "Halted, but 1 order may still trade."],
    [
      "orders of unknown outcome",
      { unproven: [orderSample({ state: "unknown" })] },
      "Halted, but 1 order of UNKNOWN outcome remains.",
    ],
    ["a list that was not read", { unread: { code: "X", message: "x" } }, "the exchange's list was not read."],
    [
      "protections that do not sell",
      { protections: [protectionSample()] },
      "What is protected does NOT sell meanwhile (1).",
    ],
    [
      "a halt that is not on disk",
      {
        haltNotWritten: new AppError({
          code: "STORAGE_FAILED",
          message: "The disk is full.",
          exitCode: EXIT_CODES.failure,
        }),
      },
      "Halted here ONLY: The disk is full.",
    ],
  ])("names %s", async (_name, over, words) => {
    const { type, text } = show(over);
    type("!y");
    await expect.poll(text).toContain(words);
  });
});
