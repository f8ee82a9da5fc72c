import { afterEach, describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { marketConnectionChanged } from "../../../src/app/store/session-slice.ts";
import { tradingAdvanced } from "../../../src/app/store/trading-slice.ts";
import type { Book, BookState } from "../../../src/core/domain/book.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp, HEALTHY } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("\u001b\u001b[A");
    type("q");
    expect(await ended).toBe(0);
  }
});

const ASKS = [{ price: price("65010"), quantity: quantity("1") }];
const BIDS = [{ price: price("65000"), quantity: quantity("1") }];

function show(columns: number, fetchTop?: () => Promise<never>) {
  let now = NOW;
  let dataAgeMs = 20;
  const { app, calls } = createFakeApp({
    now: () => now,
    health: () => ({ ...HEALTHY, marketDataAgeMs: dataAgeMs }),
  });
  if (fetchTop !== undefined) Object.assign(app.marketData, { fetchBookTop: fetchTop });
  const { store } = app;
  store.dispatch(instrumentsLoaded({ instruments: [BTCUSDT], at: NOW }));
  store.dispatch(marketSelected({ symbol: BTCUSDT.symbol, interval: "1m" }));
  store.dispatch(marketConnectionChanged({ kind: "connected" }));
  const balance = { asset: BTCUSDT.quote, free: quantity("10000"), locked: quantity("0"), at: NOW };
  const events: readonly DomainEvent[] = [
    { type: "balances-replaced", balances: [balance] },
    { type: "reconcile-finished", ordersChecked: 0, fillsAdded: 0, unresolved: 0 },
  ];
  store.dispatch(tradingAdvanced(events.map((event, index) => ({ sequence: index + 1, at: NOW, event }))));
  const terminal = createHeadlessTerminal(columns, 40);
  const ended = runTui(app, terminal.terminal);
  open.push({ type: terminal.type, ended });
  return {
    ...terminal,
    calls,
    book: (state: BookState, levels: Pick<Book, "bids" | "asks"> = { bids: BIDS, asks: ASKS }) => {
      store.dispatch(marketFrameArrived({ at: now, book: { symbol: BTCUSDT.symbol, ...levels, state, at: NOW } }));
    },
    /** Lets time pass while the feed brings other markets' data, or nothing at all. */
    pass: (ms: number, feed: "flows" | "stands") => {
      now += ms;
      dataAgeMs = feed === "flows" ? 20 : dataAgeMs + ms;
      store.dispatch(marketFrameArrived({ at: now }));
    },
    line: (wanted: RegExp) => expect.poll(async () => (await terminal.screen()).join("\n")).toMatch(wanted),
  };
}

describe.each([80, 120])("the book's title at %i columns", (columns) => {
  it("calls a market quiet when the feed lives and nothing changes in it", async () => {
    const { book, pass, line } = show(columns);
    book("live");
    await line(/Book +live · 0s/);
    pass(39_000, "flows");
    await line(/Book +live · 39s quiet/);
  });

  it("calls it stale when the feed stands, and counts from the last price on through the change of state", async () => {
    const { book, pass, line } = show(columns);
    book("live");
    pass(14_000, "stands");
    await line(/Book +stale 14s/);
    book("stale");
    pass(1_000, "stands");
    await line(/Book +stale 15s/);
  });

  it("says that a book is being read, and that it is empty only when that is proven", async () => {
    const { book, line } = show(columns);
    book("syncing", { bids: [], asks: [] });
    await line(/The book is being read…/);
    book("live", { bids: [], asks: [] });
    await line(/The book is empty\./);
  });
});

describe("the ticket on a quiet market", () => {
  it("asks for the price by itself, so that a market order can leave", async () => {
    const { book, pass, type, line, calls } = show(120);
    book("live");
    pass(108_000, "flows");
    type("b0.01");
    await expect.poll(() => calls).toContain(`fetchBookTop ${BTCUSDT.symbol}`);
    await line(/at market, about 65,001\.00/);
    type("\r");
    await line(/Enter sends this order/);
    expect(calls.filter((call) => call.startsWith("fetchBookTop"))).toHaveLength(1);
  });

  it("says how old the price is when no fresh one can be had", async () => {
    const { book, pass, type, line } = show(120, () => Promise.reject(new Error("nobody listens")));
    book("live");
    book("stale");
    pass(12_000, "stands");
    type("b0.01\r");
    await line(/The price is 12\.0 s old/);
  });
});
