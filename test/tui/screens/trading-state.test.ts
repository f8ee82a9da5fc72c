import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { ledgerRestored } from "../../../src/app/store/trading-slice.ts";
import { ledgerFromRows } from "../../../src/core/domain/trading-ledger.ts";
import type { HeldState } from "../../../src/core/domain/trading-state.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW, protectionSample } from "../../core/domain/samples.ts";
import { createFakeGuarding } from "../../commands/fake-guarding.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("q");
    expect(await ended).toBe(0);
  }
});

function show(held: HeldState = { kind: "active" }, columns = 120) {
  const { app } = createFakeApp();
  app.store.dispatch(ledgerRestored({ ...ledgerFromRows([], [], [], held), lock: undefined, tradingState: held }));
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(columns, 30);
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  const header = async () => (await terminal.screen())[0] ?? "";
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  return { ...terminal, app, header, text };
}

describe("the header", () => {
  it.each([60, 80, 120, 200])("says at %i columns that trading is halted, and why", async (columns) => {
    const { header } = show({ kind: "halted", reason: "panic at the screen" }, columns);
    await expect.poll(header).toContain("HALTED: panic at the screen");
    expect(await header()).toContain("DEMO");
  });

  it("says REDUCING with its reason", async () => {
    const { header } = show({ kind: "reducing", reason: "a day's loss of 500 USDT" });
    await expect.poll(header).toContain("REDUCING: a day's loss of 500 USDT");
  });

  it("cuts a long reason, and never the word", async () => {
    const { header } = show({ kind: "halted", reason: "the feed was wrong ".repeat(10) }, 60);
    await expect.poll(header).toMatch(/HALTED: the feed was wrong.*…/);
  });
});

describe("the trading state by command", () => {
  it.each([
    [":halt the feed is wrong", { kind: "halted", reason: "the feed is wrong" }, "Trading is HALTED"],
    [":reduce going to sleep", { kind: "reducing", reason: "going to sleep" }, "Trading is REDUCING"],
    [":resume checked the fills", { kind: "active", reason: "checked the fills" }, "Trading is active again"],
  ])("%s", async (line, state, words) => {
    const { app, type, text } = show({ kind: "reducing", reason: "x" });
    type(`${line}\r`);
    await expect.poll(text).toContain(words);
    expect(app.safety.state()).toMatchObject({ state, by: "person" });
  });

  it.each(["halt", "reduce", "resume"])("%s without a reason changes nothing", async (verb) => {
    const { app, type, text } = show();
    type(`:${verb} …\r`);
    await expect.poll(text).toContain(`Say why, for example :${verb}`);
    expect(app.safety.state().by).toBeUndefined();
  });
});

describe("protections without a guardian", () => {
  it("are told in the header", async () => {
    const fake = createFakeApp();
    const { guarding } = createFakeGuarding({ protections: [protectionSample()] });
    const terminal = createHeadlessTerminal(120, 30);
    open.push({ type: terminal.type, ended: runTui({ ...fake.app, guarding }, terminal.terminal) });
    await expect.poll(async () => (await terminal.screen())[0]).toContain("NOBODY GUARDS");
  });
});
