import { expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { reconcileEnded } from "../../../src/app/store/session-slice.ts";
import { ledgerRestored } from "../../../src/app/store/trading-slice.ts";
import type { BracketRules } from "../../../src/core/domain/bracket.ts";
import { asset } from "../../../src/core/domain/identifiers.ts";
import { price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW, orderSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

/** A screen of eighty columns on a market with a price and a thousand USDT, and what it sends. */
function show() {
  const sent: { readonly draft: OrderDraft; readonly bracket: BracketRules | undefined }[] = [];
  const { app } = createFakeApp({
    placeOrder: (draft, _signal, bracket) => {
      sent.push({ draft, bracket });
      return Promise.resolve({ kind: "placed", order: orderSample({ state: "filled" }) });
    },
  });
  const { symbol } = BTCUSDT;
  const usdt = { asset: asset("USDT"), free: quantity("1000"), locked: quantity("0"), at: NOW };
  const balances = new Map([[usdt.asset, usdt]]);
  app.store.dispatch(ledgerRestored({ ...EMPTY_LEDGER, balances, lock: undefined, tradingState: ACTIVE }));
  app.store.dispatch(reconcileEnded({ at: NOW }));
  app.store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  app.store.dispatch(marketSelected({ symbol, interval: "1m" }));
  const level = { price: price("50000"), quantity: quantity("1") };
  const book = { symbol, bids: [level], asks: [level], state: "live", at: NOW } as const;
  app.store.dispatch(marketFrameArrived({ at: NOW, book }));
  const terminal = createHeadlessTerminal(80, 30);
  const ended = runTui(app, terminal.terminal);
  const line = async (wanted: RegExp): Promise<void> => {
    await expect.poll(async () => (await terminal.screen()).join("\n")).toMatch(wanted);
  };
  return { ...terminal, line, sent, ended };
}

it("takes the same words as the shell, shows what they come to, and arms tp and sl with the order", async () => {
  const { type, line, sent, ended } = show();
  type(":buy btcusdt 50 usdt @ -0.2% tp +3% sl -1.5%\r");
  await line(/BUY BTCUSDT/);
  await line(/buy 0\.001002 BTC BTCUSDT at 49,900\.00/);
  await line(/cost 50\.00 USDT · fee up to 0\.03 USDT · 5\.0% of free USDT/);
  await line(/left 949\.97 USDT, 0\.001002 BTC once filled/);
  await line(/then sells all at 49,151\.50 or below/);
  await line(/then sells 100% at 51,397\.00 or above/);
  type("\r");
  await line(/Enter sends this order/);
  type("\r");
  await expect.poll(() => sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    draft: { type: "limit", limitPrice: price("49900"), size: { kind: "base" } },
    bracket: [
      { legId: "sl", rule: { kind: "stop-loss", triggerPrice: price("49151.5") } },
      { legId: "tp1", rule: { kind: "take-profit", triggerPrice: price("51397"), share: ratio("1") } },
    ],
  });
  type("q");
  expect(await ended).toBe(0);
});

it("keeps the kind of a limit, and says which word it does not understand", async () => {
  const { type, line, sent, ended } = show();
  type(":buy btcusdt 25% @ 49000 --post-only\r");
  await line(/buy 0\.0051020\d BTC BTCUSDT at 49,000\.00 \(post-only\)/);
  type("\r");
  await line(/Enter sends this order/);
  type("\r");
  await expect.poll(() => sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ draft: { type: "post-only" }, bracket: undefined });
  type(":buy btcusdt 1 tp -3%\r");
  await line(/a take-profit lies above the entry/);
  type("q");
  expect(await ended).toBe(0);
});
