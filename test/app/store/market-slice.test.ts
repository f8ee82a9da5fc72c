import { describe, expect, it } from "vitest";
import { createStore } from "../../../src/app/store/create-store.ts";
import { candlesLoaded, marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
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
