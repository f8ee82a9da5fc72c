import { describe, expect, it } from "vitest";
import { instrumentsLoaded } from "../../../src/app/store/instruments-slice.ts";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { sortMarkets } from "../../../src/tui/screens/market/watchlist-order.ts";
import { createWatchlist } from "../../../src/tui/screens/market/watchlist.ts";
import { BTCUSDT, NOW } from "../../core/domain/samples.ts";
import { createMemorySettings, createWideMarket } from "./wide-market.ts";

const BTC = BTCUSDT.symbol;

describe("the order of the watchlist", () => {
  it("goes by change, with what is not known last either way round, and ties as listed", () => {
    const { app, coin, tell } = createWideMarket(5);
    tell([
      { symbol: coin(1), change: "0.01" },
      { symbol: coin(2), change: "-0.3" },
      { symbol: coin(4), change: "0.01" },
    ]);
    const state = app.store.getState();
    expect(sortMarkets({ by: "change", descending: true }, state)).toEqual([coin(1), coin(4), coin(2), BTC, coin(3)]);
    expect(sortMarkets({ by: "change", descending: false }, state)).toEqual([coin(2), coin(1), coin(4), BTC, coin(3)]);
  });

  it("compares turnovers of different quotes in dollars", () => {
    const { app, coin, tell } = createWideMarket(3);
    const ethBtc = marketSymbol("ETHBTC");
    const instruments = [...app.store.getState().instruments.bySymbol.values()];
    const inBitcoin = { ...BTCUSDT, symbol: ethBtc, base: asset("ETH"), quote: asset("BTC") };
    app.store.dispatch(instrumentsLoaded({ instruments: [...instruments, inBitcoin], at: NOW }));
    tell([
      { symbol: BTC, last: "65000", turnover: "900000" },
      { symbol: coin(1), turnover: "500000" },
      { symbol: coin(2), turnover: "40" },
      // 10 bitcoin, worth 650,000.
      { symbol: ethBtc, turnover: "10" },
    ]);
    const order = sortMarkets({ by: "turnover", descending: true }, app.store.getState());
    expect(order).toEqual([BTC, ethBtc, coin(1), coin(2)]);
  });

  it("is remembered, with its direction", () => {
    const settings = createMemorySettings();
    const first = createWatchlist(createWideMarket(3, settings).app);
    expect(first.order).toEqual({ by: "listed", descending: false });
    first.sortByNext();
    first.sortByNext();
    expect(first.order).toEqual({ by: "change", descending: true });
    first.reverse();
    expect(createWatchlist(createWideMarket(3, settings).app).order).toEqual({ by: "change", descending: false });
  });

  it("takes a setting it does not know for none", () => {
    const settings = createMemorySettings();
    settings.set("market.order", "\u001b[2J down");
    expect(createWatchlist(createWideMarket(3, settings).app).order).toEqual({ by: "listed", descending: false });
  });
});

describe("the rows of the watchlist", () => {
  function byChange(count = 2_000) {
    const market = createWideMarket(count);
    const watchlist = createWatchlist(market.app);
    while (watchlist.order.by !== "change") watchlist.sortByNext();
    return { ...market, watchlist };
  }

  it("stay while prices move and keys are pressed, and are sorted anew once the list is left alone", () => {
    const { watchlist, coin, tell, pass } = byChange();
    tell([{ symbol: coin(7), change: "0.5" }]);
    watchlist.refresh();
    expect(watchlist.rows("")[0]).toBe(coin(7));
    watchlist.touch();
    tell([{ symbol: coin(1_234), change: "0.9" }]);
    pass(9_900);
    watchlist.refresh();
    expect(watchlist.rows("")[0]).toBe(coin(7));
    expect(watchlist.isHeld(NOW + 9_900)).toBe(true);
    pass(100);
    watchlist.refresh();
    expect(watchlist.rows("").slice(0, 2)).toEqual([coin(1_234), coin(7)]);
    expect(watchlist.rows("")).toHaveLength(2_000);
  });

  it("keep the line of the cursor when they are sorted anew, unless the head of the list is in sight", () => {
    const { watchlist, coin, tell, pass } = byChange();
    tell(
      Array.from({ length: 1_999 }, (_, index) => ({
        symbol: coin(index + 1),
        change: (1 - index / 2_000).toFixed(4),
      })),
    );
    watchlist.refresh();
    const height = 20;
    const cursorOn = (symbol: string) => watchlist.rows("").indexOf(marketSymbol(symbol));
    let cursor = cursorOn(coin(500));
    const line = cursor - watchlist.place(watchlist.rows(""), cursor, height);
    // Thirty markets overtake it.
    tell(Array.from({ length: 30 }, (_, index) => ({ symbol: coin(1_000 + index), change: "3" })));
    pass(20_000);
    watchlist.refresh();
    expect(cursorOn(coin(500))).toBe(cursor + 30);
    cursor = cursorOn(coin(500));
    expect(cursor - watchlist.place(watchlist.rows(""), cursor, height)).toBe(line);

    const head = watchlist.rows("")[3];
    watchlist.place(watchlist.rows(""), 3, height);
    expect(watchlist.place(watchlist.rows(""), 3, height)).toBe(0);
    tell([{ symbol: coin(1_999), change: "9" }]);
    pass(20_000);
    watchlist.refresh();
    expect(watchlist.rows("")[4]).toBe(head);
    expect(watchlist.place(watchlist.rows(""), 4, height)).toBe(0);
  });

  it("scroll by as little as keeps the cursor in sight, and never beyond an end", () => {
    const watchlist = createWatchlist(createWideMarket(100).app);
    const rows = watchlist.rows("");
    const tops = [0, 5, 7, 8, 9, 10, 50, 99, 98].map((cursor) => watchlist.place(rows, cursor, 10));
    expect(tops).toEqual([0, 0, 0, 1, 2, 3, 45, 90, 90]);
    expect(watchlist.place(rows, 0, 10)).toBe(0);
    expect(watchlist.height).toBe(10);
    expect(watchlist.place(rows.slice(0, 3), 2, 10)).toBe(0);
  });

  it("are narrowed by a filter, and follow the markets the exchange lists", () => {
    const { app, coin } = createWideMarket(2_000);
    const watchlist = createWatchlist(app);
    expect(watchlist.rows(" c000 ")).toHaveLength(9);
    expect(watchlist.rows("btc")).toEqual([BTC]);
    const rows = watchlist.rows("c1");
    expect(watchlist.rows("c1")).toBe(rows);
    const kept = [...app.store.getState().instruments.bySymbol.values()].filter(({ symbol }) => symbol !== coin(1_500));
    app.store.dispatch(instrumentsLoaded({ instruments: kept, at: NOW }));
    expect(watchlist.rows("c1")).toHaveLength(rows.length - 1);
  });
});
