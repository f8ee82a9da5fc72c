import { expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { ledgerRestored } from "../../../src/app/store/trading-slice.ts";
import { clientOrderId, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW, orderSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

it("sends an order before the screen looks at anything again", async () => {
  const { terminal, type, screen } = createHeadlessTerminal(120, 40);
  /** Whatever draws needs the time for the ages it shows. */
  let looks = 0;
  let looksWhenSent: number | undefined;
  const { app } = createFakeApp({
    now: () => {
      looks += 1;
      return NOW;
    },
    placeOrder: async () => {
      // The path to the wire waits for promises, and nothing may be drawn between two of them.
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      looksWhenSent = looks;
      return { kind: "placed", order: orderSample({ state: "open", clientOrderId: clientOrderId("td-1") }) };
    },
  });
  const symbol = marketSymbol("BTCUSDT");
  app.store.dispatch(ledgerRestored({ ...EMPTY_LEDGER, tradingState: ACTIVE }));
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol, interval: "1m" }));
  const level = { price: price("50000"), quantity: quantity("1") };
  app.store.dispatch(marketFrameArrived({ at: NOW, top: { symbol, bid: level, ask: level, at: NOW } }));
  const ended = runTui(app, terminal);
  type(":buy btcusdt 0.001 @ 50000\r");
  await expect.poll(async () => (await screen()).join("\n")).toMatch(/BUY BTCUSDT/);
  type("\r");
  await expect.poll(async () => (await screen()).join("\n")).toMatch(/Enter sends this order/);
  const looksBefore = looks;
  type("\r");
  await expect.poll(() => looksWhenSent).toBeDefined();
  expect(looksWhenSent).toBe(looksBefore);
  await expect.poll(async () => (await screen()).join("\n")).not.toMatch(/Enter sends this order/);
  type("qy");
  expect(await ended).toBe(0);
});
