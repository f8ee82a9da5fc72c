import { afterEach, describe, expect, it } from "vitest";
import type { PositionReport } from "../../../src/app/portfolio-books.ts";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { positionFromFills, valuePosition } from "../../../src/core/domain/position.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { createFakeBooks } from "../../commands/fake-books.ts";
import { BTCUSDT, fill, NOW, orderSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("qy");
    expect(await ended).toBe(0);
  }
});

const position = positionFromFills(
  BTCUSDT,
  [fill({ tradeId: tradeId("t1"), side: "buy", price: price("60000"), quantity: quantity("0.02") })],
  "fifo",
  () => undefined,
);

function held(over: Partial<PositionReport> = {}, at: string | null = "61000"): PositionReport {
  const seen = at === null ? undefined : price(at);
  return {
    position,
    price: seen === undefined ? undefined : { price: seen, at: NOW },
    value: valuePosition(position, seen, () => undefined),
    balance: undefined,
    protection: { state: "protected", pid: 4711, heartbeatAgeMs: 1_200, reasons: [] },
    ...over,
  };
}

function show(reports: readonly PositionReport[] | (() => never), columns = 120, rows = 30) {
  const positions = typeof reports === "function" ? reports : () => reports;
  const { app } = createFakeApp({ orders: [orderSample()], portfolio: createFakeBooks({ positions }) });
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  const terminal = createHeadlessTerminal(columns, rows);
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  return { ...terminal, text: async () => (await terminal.screen()).join("\n") };
}

describe.each([
  [80, 24],
  [120, 40],
  [200, 50],
])("the positions at %i×%i", (columns, rows) => {
  it("show what is held, its gain, and who guards it, beside the orders", async () => {
    const { text } = show([held()], columns, rows);
    await expect.poll(text).toMatch(/BTCUSDT +0\.02 .*\+20\.00 .*PROTECTED/);
    expect(await text()).toMatch(/Positions · 1/);
    expect(await text()).toMatch(/Orders · 1 open/);
    expect(await text()).toMatch(/Chart|BTCUSDT/);
  });
});

describe("the badge of a position", () => {
  it("names the process that guards, and when it was last heard", async () => {
    const { text } = show([held()], 200, 50);
    await expect.poll(text).toContain("PROTECTED (pid 4711, 1s)");
  });

  it("says what is missing, in words", async () => {
    const half = { state: "degraded", pid: 4711, heartbeatAgeMs: 1, reasons: ["the stop stands for 0.01"] } as const;
    const { text } = show([held({ protection: half })], 200, 50);
    await expect.poll(text).toContain("DEGRADED: the stop stands for 0.01");
  });

  it("gives up the process before the heartbeat", async () => {
    const { text } = show([held({ protection: { ...held().protection, pid: 1_234_567 } })], 80, 24);
    await expect.poll(text).toContain("PROTECTED (1s)");
  });

  it("is told in full by Enter, however narrow the screen is", async () => {
    const reasons = ["the stop stands for 0.01 of 0.02", "trading is halted: the feed was wrong"];
    const half = { state: "degraded", pid: 4711, heartbeatAgeMs: 1, reasons } as const;
    const { text, type } = show([held({ protection: half })], 80, 24);
    await expect.poll(text).toMatch(/BTCUSDT +0\.02 .*DEGRADED/);
    type("\t\t\r");
    const words = async () => (await text()).replaceAll(/\s+/g, " ");
    await expect.poll(words).toContain(`BTCUSDT: DEGRADED: ${reasons.join("; ")}`);
  });

  it("keeps its word whole where the reason has no room", async () => {
    const none = {
      state: "unprotected",
      pid: undefined,
      heartbeatAgeMs: undefined,
      reasons: ["nobody guards: start `tapedeck guard run`", "no live stop stands for it"],
    } as const;
    const { text } = show([held({ protection: none })], 80, 24);
    await expect.poll(text).toMatch(/BTCUSDT +0\.02 .*UNPROTECTED/);
  });
});

describe("figures that are not known", () => {
  it("are a dash with the reason, never a nought", async () => {
    const { text } = show([held({}, null)]);
    await expect.poll(text).toMatch(/BTCUSDT +0\.02 .*— no price/);
  });

  it("are called the most there can be, when a fee in another asset has no price", async () => {
    const report = held();
    const without = new Map([[asset("MX"), quantity("1")]]);
    const { text } = show([{ ...report, value: { ...report.value, without } }], 200, 50);
    await expect.poll(text).toMatch(/≤0\.00/);
  });

  it("stay from before, with the reason, when the store cannot be read", async () => {
    const { text, type } = show(() => {
      throw new AppError({ code: "STORAGE_FAILED", message: "The disk is gone.", exitCode: EXIT_CODES.failure });
    });
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\t");
    await expect.poll(text).toContain("not read anew: The disk is gone.");
  });
});

describe("the panel", () => {
  it("takes no room while nothing is held, until Tab goes there", async () => {
    const { text, type } = show([]);
    await expect.poll(text).toContain("Orders · 1 open");
    expect(await text()).not.toContain("Positions");
    type("\t\t");
    await expect.poll(text).toContain("Nothing is held that was bought here.");
  });

  it("takes the orders' place on a low screen while it has the focus", async () => {
    const { text, type } = show([held()], 80, 18);
    await expect.poll(text).toContain("Orders · 1 open");
    type("\t\t");
    await expect.poll(text).toMatch(/BTCUSDT +0\.02 .*PROTECTED/);
    expect(await text()).not.toContain("Orders");
    type("\t");
    await expect.poll(text).toContain("Orders · 1 open");
  });

  it("breaks nothing at 20×5", async () => {
    const { text } = show([held()], 20, 5);
    await expect.poll(text).toContain("too small");
  });
});
