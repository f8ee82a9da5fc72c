import { describe, expect, it } from "vitest";
import { createStore } from "../../../src/app/store/create-store.ts";
import { candlesLoaded, marketFrameArrived, marketSelected, tapeLoaded } from "../../../src/app/store/market-slice.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { PublicTrade } from "../../../src/core/domain/public-trade.ts";
import { candleAt } from "./market-samples.ts";

const symbol = marketSymbol("BTCUSDT");

function setup() {
  const store = createStore({ mode: "demo", version: "1", exchange: "x", accountId: undefined });
  store.dispatch(marketSelected({ symbol, interval: "1m" }));
  return { store, market: () => store.getState().market };
}

describe("candles", () => {
  it("that were read again fill the hole of a lost connection, and end the candle that was under way", () => {
    const { store, market } = setup();
    const grown = { close: price("9"), baseVolume: quantity("7") };
    store.dispatch(candlesLoaded({ candles: [candleAt(1), candleAt(2)], at: 1 }));
    store.dispatch(marketFrameArrived({ at: 2, candles: [candleAt(5, { ...grown, close: price("5") })] }));
    const again = [candleAt(1), candleAt(2, grown), candleAt(3), candleAt(4), candleAt(5)];
    store.dispatch(candlesLoaded({ candles: again, at: 3 }));
    expect(market().candles?.map(({ openTime }) => openTime / 60_000)).toEqual([1, 2, 3, 4, 5]);
    expect(market().candles?.[1]?.close).toBe(price("9"));
    // What the stream told of the candle under way is newer than what was read: it has more volume.
    expect(market().candles?.[4]?.close).toBe(price("5"));
  });

  it("that were read again go beyond what the stream told before it was lost", () => {
    const { store, market } = setup();
    store.dispatch(marketFrameArrived({ at: 2, candles: [candleAt(1)] }));
    store.dispatch(candlesLoaded({ candles: [candleAt(1, { baseVolume: quantity("3") }), candleAt(2)], at: 3 }));
    expect(market().candles?.map(({ openTime }) => openTime / 60_000)).toEqual([1, 2]);
    expect(market().candles?.[0]?.baseVolume).toBe(quantity("3"));
  });
});

describe("the tape", () => {
  const print = (at: number, over: Partial<PublicTrade> = {}): PublicTrade => ({
    symbol,
    price: price("1"),
    quantity: quantity("1"),
    side: "buy",
    at,
    ...over,
  });

  it("keeps what was read behind what was streamed first, each print once, in the order of their times", () => {
    const { store, market } = setup();
    store.dispatch(marketFrameArrived({ at: 1, trades: [print(9), print(9), print(10)] }));
    store.dispatch(tapeLoaded({ trades: [print(9), print(9), print(9), print(8), print(7)], at: 2 }));
    expect(market().tape.map(({ at }) => at)).toEqual([10, 9, 9, 9, 8, 7]);
  });

  it("knows two prints of one moment apart by all they say", () => {
    const { store, market } = setup();
    store.dispatch(marketFrameArrived({ at: 1, trades: [print(9)] }));
    store.dispatch(tapeLoaded({ trades: [print(9, { side: "sell" }), print(9, { price: price("2") })], at: 2 }));
    expect(market().tape).toHaveLength(3);
  });
});
