import { expect, it } from "vitest";
import { createMarketFrames } from "../../../src/app/runtime/market-frames.ts";
import { createStore } from "../../../src/app/store/create-store.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { createLadder } from "../../../src/core/domain/book.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";

const symbol = marketSymbol("BTCUSDT");
const trade = (at: string) => ({ symbol, price: price(at), quantity: quantity("1"), side: "buy" as const, at: 1 });

function setup() {
  const store = createStore({ mode: "demo", version: "0", exchange: "none", accountId: undefined });
  store.dispatch(marketSelected({ symbol, interval: "1m" }));
  let due: (() => void) | undefined;
  let dispatches = 0;
  store.subscribe(() => {
    dispatches += 1;
  });
  const frames = createMarketFrames({
    store,
    clock: { now: () => 42, monotonic: () => 42, sleep: () => Promise.resolve() },
    frameMs: 33,
    schedule: (run) => {
      due = run;
      return () => {
        due = undefined;
      };
    },
  });
  return {
    store,
    frames,
    frame: () => due?.(),
    isWaiting: () => due !== undefined,
    dispatches: () => dispatches,
  };
}

it("dispatches once a frame, with every trade and the newest book", () => {
  const { store, frames, frame, dispatches } = setup();
  const ladder = createLadder();
  for (let index = 1; index <= 50; index += 1) {
    frames.accept({ type: "trades", symbol, trades: [trade(`${index}`)] });
    ladder.set("buy", price(`${index}`), quantity("1"));
    frames.accept({ type: "book", symbol, ladder, state: "live", at: index });
    frames.accept({ type: "tickers", tickers: [{ symbol, last: price(`${index}`), at: index }] });
  }
  expect(dispatches()).toBe(0);
  frame();
  expect(dispatches()).toBe(1);
  const { market } = store.getState();
  expect(market.tape).toHaveLength(50);
  expect(market.tape[0]?.price).toBe(price("50"));
  expect(market.book?.bids[0]?.price).toBe(price("50"));
  expect(market.tickers.get(symbol)?.ticker.last).toBe(price("50"));
  expect(market.bookAt).toBe(42);
});

it("schedules nothing while nothing arrives, and ignores what belongs to another market", () => {
  const { store, frames, frame, isWaiting } = setup();
  expect(isWaiting()).toBe(false);
  const other = marketSymbol("ETHUSDT");
  frames.accept({ type: "trades", symbol: other, trades: [{ ...trade("9"), symbol: other }] });
  frame();
  expect(store.getState().market.tape).toHaveLength(0);
  expect(isWaiting()).toBe(false);
});

it("copies the ladder, so that a frame never changes after it was taken", () => {
  const { store, frames, frame } = setup();
  const ladder = createLadder();
  ladder.set("sell", price("5"), quantity("1"));
  frames.accept({ type: "book", symbol, ladder, state: "live", at: 1 });
  ladder.clear();
  frame();
  expect(store.getState().market.book?.asks).toHaveLength(1);
});
