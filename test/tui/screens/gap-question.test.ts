import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { protectionsRead } from "../../../src/app/store/trading-slice.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { price } from "../../../src/core/domain/money.ts";
import type { GapQuestion, Protection } from "../../../src/core/domain/protection.ts";
import type { HeldState } from "../../../src/core/domain/trading-state.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { createFakeGuarding } from "../../commands/fake-guarding.ts";
import { BTCUSDT, NOW, protectionSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    // The first closes a question that is open.
    type("qq");
    expect(await ended).toBe(0);
  }
});

const QUESTION: GapQuestion = {
  since: NOW - 600_000,
  worstPrice: price("58500"),
  seenPrice: price("59100"),
  at: NOW,
};

function asking(question = QUESTION): Protection {
  const [leg] = protectionSample().legs;
  if (leg === undefined) throw new Error("the sample has no leg");
  return protectionSample({ legs: [{ ...leg, state: "asking", question }] });
}

function show({ alive = true, tradingState = ACTIVE }: { alive?: boolean; tradingState?: HeldState } = {}) {
  const fake = createFakeApp();
  const { guarding, answers } = createFakeGuarding({
    lease: undefined,
    isAlive: alive,
    tradingState,
    protections: [asking()],
  });
  // Another process guards: leaving asks nothing.
  const app = { ...fake.app, guarding: { ...guarding, isHolder: false } };
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(120, 30);
  let bells = 0;
  const { write } = terminal.terminal.stdout;
  terminal.terminal.stdout.write = (bytes: string) => {
    if (bytes === "\u0007") bells += 1;
    return write(bytes);
  };
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  const ask = (question?: GapQuestion) => app.store.dispatch(protectionsRead([asking(question)]));
  const settle = () => app.store.dispatch(protectionsRead([protectionSample()]));
  return { ...terminal, app, answers, text, ask, settle, bells: () => bells };
}

const TITLE = "A stop was crossed while nobody watched";

describe("a stop that was crossed while nobody watched", () => {
  it("comes up by itself with what a person has to know, and rings once", async () => {
    const { ask, text, bells } = show();
    ask();
    await expect.poll(text).toContain(TITLE);
    await expect.poll(text).toContain("BTCUSDT sl, stop at 60000. Nothing was sold.");
    expect(await text()).toContain("Worst meanwhile 58500 · now 59100");
    expect(await text()).toContain("10m ago");
    expect(await text()).toContain("1 QUESTION");
    ask();
    expect(bells()).toBe(1);
  });

  it.each([
    ["s", "sell-now"],
    ["r", "re-arm"],
    ["i", "ignore"],
  ] as const)("takes %s only together with y, as %s", async (key, answer) => {
    const { ask, text, type, answers } = show();
    ask();
    await expect.poll(text).toContain(TITLE);
    type(key);
    await expect.poll(text).toContain(`y does it: ${answer}`);
    expect(answers).toEqual([]);
    type("y");
    await expect.poll(text).not.toContain(TITLE);
    expect(answers).toEqual([["p1", "sl", answer]]);
  });

  it("has no default: Enter and y alone answer nothing", async () => {
    const { ask, text, type, answers } = show();
    ask();
    await expect.poll(text).toContain(TITLE);
    type("\r");
    type("y");
    type("s");
    await expect.poll(text).toContain("y does it");
    type("n");
    await expect.poll(text).toContain("Esc leaves it open");
    type("y");
    expect(answers).toEqual([]);
    expect(await text()).toContain(TITLE);
  });

  it("stays open for q, is told in the header, and is asked again by a", async () => {
    const { ask, text, type, answers } = show();
    ask();
    await expect.poll(text).toContain(TITLE);
    type("q");
    await expect.poll(text).not.toContain(TITLE);
    expect(await text()).toContain("1 QUESTION (a)");
    ask();
    expect(await text()).not.toContain(TITLE);
    type("a");
    await expect.poll(text).toContain(TITLE);
    expect(answers).toEqual([]);
  });

  it("takes no key from an order that is being typed", async () => {
    const { ask, text, type, bells, answers } = show();
    type("b");
    await expect.poll(text).toContain("BUY BTCUSDT");
    ask();
    await expect.poll(text).toContain("1 QUESTION");
    expect(bells()).toBe(1);
    type("1");
    await expect.poll(text).toContain("BUY BTCUSDT");
    expect(await text()).not.toContain(TITLE);
    type("\u0003");
    await expect.poll(text).toContain(TITLE);
    expect(answers).toEqual([]);
  });

  it("goes away when somebody else has answered", async () => {
    const { ask, settle, text } = show();
    ask();
    await expect.poll(text).toContain(TITLE);
    settle();
    await expect.poll(text).toContain("no longer open: it was answered elsewhere");
    expect(await text()).not.toContain(TITLE);
  });

  it.each<[string, Parameters<typeof show>[0], string]>([
    ["nobody guards", { alive: false }, "Nobody guards, so nothing comes of it yet."],
    ["trading is halted", { tradingState: { kind: "halted", reason: "panic" } }, "Trading is halted: it sells after"],
    ["it is done", {}, "The process that guards sells it now."],
  ])("says what comes of the answer when %s", async (_name, how, words) => {
    const { ask, text, type } = show(how);
    ask();
    await expect.poll(text).toContain(TITLE);
    type("sy");
    await expect.poll(text).toContain(words);
  });

  it("says why an answer was not taken", async () => {
    const { ask, app, text, type } = show();
    Object.assign(app.guarding, {
      answer: () => {
        throw new AppError({ code: "PROTECTION_CHANGED", message: "It has changed.", exitCode: EXIT_CODES.failure });
      },
    });
    ask();
    await expect.poll(text).toContain(TITLE);
    type("iy");
    await expect.poll(text).toContain("It has changed. (PROTECTION_CHANGED)");
  });
});
