import fc from "fast-check";
import { expect, it } from "vitest";
import { createTradeMerger } from "../../../src/adapters/mexc/ws/trade-merger.ts";
import { marketSymbol, tradeId } from "../../../src/core/domain/identifiers.ts";
import type { PublicTrade } from "../../../src/core/domain/public-trade.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";

const trade = (at: number, cost: string, id?: string): PublicTrade => ({
  symbol: marketSymbol("BTCUSDT"),
  price: price(cost),
  quantity: quantity("1"),
  side: "buy",
  at,
  ...(id === undefined ? {} : { tradeId: tradeId(id) }),
});

it("hands on a trade that comes on two sockets once, and two alike that come on one socket twice", () => {
  const merger = createTradeMerger();
  expect(merger.merge([trade(1, "9"), trade(1, "9")], 1)).toHaveLength(2);
  expect(merger.merge([trade(1, "9"), trade(1, "9"), trade(2, "9")], 2)).toEqual([trade(2, "9")]);
  expect(merger.merge([trade(2, "9")], 1)).toEqual([]);
});

it("goes by the id where there is one, also when one socket says it twice", () => {
  const merger = createTradeMerger();
  expect(merger.merge([trade(1, "9", "a"), trade(1, "9", "b")], 1)).toHaveLength(2);
  expect(merger.merge([trade(1, "9", "a")], 1)).toEqual([]);
  expect(merger.merge([trade(1, "9", "b"), trade(1, "9", "c")], 2)).toEqual([trade(1, "9", "c")]);
});

it("loses none and doubles none, wherever one socket takes over from the other", () => {
  const tape = fc.array(fc.record({ at: fc.integer({ min: 1, max: 4 }), cost: fc.integer({ min: 1, max: 2 }) }));
  const lag = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(tape, fc.nat(), fc.nat(), lag, (rows, from, to, behind) => {
      const all = rows.toSorted((left, right) => left.at - right.at).map(({ at, cost }) => trade(at, String(cost)));
      // The second socket begins while the first still speaks; they are heard in turns, one of them later.
      const begins = from % (all.length + 1);
      const ends = Math.max(begins, to % (all.length + 1));
      const merger = createTradeMerger();
      const heard: PublicTrade[] = [];
      for (let step = 0; step < all.length + behind; step += 1) {
        const first = all[step];
        if (first !== undefined && step < ends) heard.push(...merger.merge([first], 1));
        const second = all[step - behind];
        if (second !== undefined && step - behind >= begins) heard.push(...merger.merge([second], 2));
      }
      const sorted = (trades: readonly PublicTrade[]) => trades.map((one) => `${one.at} ${one.price}`).toSorted();
      // With equal trades a late start cannot tell an old one from a new one, so only those from its begin on count.
      const isPlain = new Set(sorted(all)).size === all.length;
      if (isPlain || begins === 0) expect(sorted(heard)).toEqual(sorted(all));
      else expect(heard.length).toBeLessThanOrEqual(all.length);
    }),
  );
});

it("remembers a bounded number of trades", () => {
  const merger = createTradeMerger();
  for (let at = 0; at < 20_000; at += 1) merger.merge([trade(at, "9")], 1);
  // The newest are known, the oldest have long been forgotten.
  expect(merger.merge([trade(19_999, "9")], 2)).toEqual([]);
  expect(merger.merge([trade(0, "9")], 2)).toHaveLength(1);
});
