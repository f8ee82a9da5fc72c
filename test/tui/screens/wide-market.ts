import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { marketFrameArrived, marketSelected } from "../../../src/app/store/market-slice.ts";
import type { MarketSymbol } from "../../../src/core/domain/identifiers.ts";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { notional, price, ratio } from "../../../src/core/domain/money.ts";
import { createFakeApp } from "../../commands/fake-app.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";

/** Settings in memory, for screens opened one after the other. */
export function createMemorySettings() {
  const values = new Map<string, string>();
  return {
    get: (name: string) => values.get(name),
    set: (name: string, value: string) => void values.set(name, value),
  };
}

/** An app whose exchange lists BTCUSDT and `count` − 1 coins C0001USDT, C0002USDT, … on a clock moved by hand. */
export function createWideMarket(count = 2_000, settings = createMemorySettings()) {
  let now = NOW;
  const fake = createFakeApp({
    now: () => now,
    settings,
    selectMarket: (symbol, interval) => {
      fake.app.store.dispatch(marketSelected({ symbol, interval }));
    },
  });
  const { store } = fake.app;
  const coin = (number: number) => marketSymbol(`C${`${number}`.padStart(4, "0")}USDT`);
  const instruments: Instrument[] = [BTCUSDT];
  for (let number = 1; number < count; number += 1) {
    const symbol = coin(number);
    instruments.push({ ...BTCUSDT, symbol, base: asset(symbol.slice(0, -4)), tickSize: price("0.0001") });
  }
  store.dispatch(instrumentsLoaded({ instruments, at: NOW }));
  return {
    ...fake,
    settings,
    coin,
    pass: (ms: number) => {
      now += ms;
    },
    /** One frame with these figures. */
    tell: (rows: readonly { symbol: MarketSymbol; last?: string; change?: string; turnover?: string }[]) => {
      const tickers = rows.map(({ symbol, last, change, turnover }) => ({
        symbol,
        at: now,
        ...(last === undefined ? {} : { last: price(last) }),
        ...(change === undefined ? {} : { change: ratio(change) }),
        ...(turnover === undefined ? {} : { quoteVolume: notional(turnover) }),
      }));
      store.dispatch(marketFrameArrived({ at: now, tickers }));
    },
  };
}
