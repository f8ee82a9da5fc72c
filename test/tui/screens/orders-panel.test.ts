import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp, orderSample } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    // Leaving asks first while an order is open.
    type("qy");
    expect(await ended).toBe(0);
  }
});

describe.each([80, 120])("the orders at %i columns", (columns) => {
  it("show what was asked, at which price, and what was filled of it", async () => {
    const { app } = createFakeApp({
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
    await expect.poll(text).toMatch(/State +Side +Quantity +Price/);
    await expect.poll(text).toMatch(/UNKNOWN 0s +sell +19163433\.12345678 +0\.0000035141 /);
    await expect.poll(text).toMatch(/part filled +buy +0\.02 +65123\.4 /);
    // What has no room is not gone in silence.
    if (columns === 80) await expect.poll(text).toMatch(/Orders · 2 open {2}\+\d columns: widen/);
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
