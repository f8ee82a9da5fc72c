import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW, orderSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    // Leaving asks first while an order is open.
    type("qy");
    expect(await ended).toBe(0);
  }
});

/** What this console says of when it asks for an order. */
const ASKED = { askedAt: NOW - 3_000, isAnswered: true, againAt: NOW + 7_000, pid: undefined };

describe.each([80, 120])("the orders at %i columns", (columns) => {
  it("show what was asked, at which price, and what was filled of it", async () => {
    const { app } = createFakeApp({
      proofLook: (id) => (id === "td-2" ? ASKED : undefined),
      orders: [
        orderSample({
          state: "partially-filled",
          size: { kind: "base", quantity: quantity("0.02") },
          limitPrice: price("65123.4"),
          filledQuantity: quantity("0.015"),
          filledNotional: notional("976.85"),
        }),
        orderSample({
          clientOrderId: clientOrderId("td-2"),
          symbol: marketSymbol("ALONGNAMEDCOINUSDT"),
          side: "sell",
          state: "unknown",
          size: { kind: "base", quantity: quantity("19163433.12345678") },
          limitPrice: price("0.0000035141"),
        }),
      ],
    });
    app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
    app.store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
    const terminal = createHeadlessTerminal(columns, 30);
    open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
    const text = async () => (await terminal.screen()).join("\n");
    await expect.poll(text).toMatch(/State +(Proof +)?Side +Quantity +Price/);
    // Beside the state, or in the title where that has no room.
    await expect.poll(text).toMatch(/asked 3s next 7s/);
    await expect.poll(text).toMatch(/UNKNOWN 0s +(asked 3s next 7s +)?sell +19163433\.12345678 +0\.0000035141/);
    await expect.poll(text).toMatch(/part filled +buy +0\.02 +65123\.4 /);
    // What has no room is not gone in silence.
    await expect.poll(text).toMatch(/Orders · 2 open .*\+\d columns/);
  });

  it("show the filled quantity and the market too where numbers are short", async () => {
    const { app } = createFakeApp({ orders: [orderSample({ filledQuantity: quantity("0.0004") })] });
    app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
    const terminal = createHeadlessTerminal(columns, 30);
    open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
    const text = async () => (await terminal.screen()).join("\n");
    await expect.poll(text).toMatch(/open +buy +BTCUSDT +0\.001 +65000 +0\.0004/);
  });
});

it("says of an unknown order that nobody asks for it, and that a question was not answered", async () => {
  const vain = { ...ASKED, isAnswered: false };
  const { app } = createFakeApp({
    proofLook: (id) => (id === "td-2" ? vain : undefined),
    orders: [
      orderSample({ state: "unknown" }),
      orderSample({ clientOrderId: clientOrderId("td-2"), state: "unknown", side: "sell" }),
    ],
  });
  const terminal = createHeadlessTerminal(200, 30);
  open.push({ type: terminal.type, ended: runTui(app, terminal.terminal) });
  const text = async () => (await terminal.screen()).join("\n");
  await expect.poll(text).toMatch(/UNKNOWN 0s +not asked +buy/);
  await expect.poll(text).toMatch(/UNKNOWN 0s +asked 3s in vain next 7s +sell/);
});
