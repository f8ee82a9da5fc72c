import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTickerTable, SPARK_LENGTH, withTickers } from "../../../src/app/store/ticker-table.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { price } from "../../../src/core/domain/money.ts";
import type { Ticker } from "../../../src/core/domain/ticker.ts";

const symbolOf = (number: number) => marketSymbol(`S${number}USDT`);
const ticker = (number: number, last: number | undefined, at = 1): Ticker => ({
  symbol: symbolOf(number),
  ...(last === undefined ? {} : { last: price(`${last}`) }),
  at,
});

describe("the ticker table", () => {
  it("holds the same as a map that is copied each time, and no table changes after it was made", () => {
    const frame = fc.array(fc.tuple(fc.nat(99), fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        let table = createTickerTable();
        let model = new Map<number, { readonly last: Ticker; readonly spark: readonly number[] }>();
        const made = [{ table, model }];
        for (const changes of frames) {
          table = withTickers(
            table,
            changes.map(([number, last]) => ticker(number, last)),
          );
          model = new Map(model);
          for (const [number, last] of changes) {
            const spark = model.get(number)?.spark ?? [];
            const longer = last === undefined ? spark : [...spark, last].slice(-SPARK_LENGTH);
            model.set(number, { last: ticker(number, last), spark: longer });
          }
          made.push({ table, model });
        }
        for (const { table: held, model: expected } of made) {
          for (let number = 0; number < 100; number += 1) {
            const row = held.get(symbolOf(number));
            expect(row?.ticker).toEqual(expected.get(number)?.last);
            expect(row?.spark).toEqual(expected.get(number)?.spark);
          }
        }
      }),
    );
  });

  it("shares every row that did not change", () => {
    const all = Array.from({ length: 2_000 }, (_, number) => ticker(number, 1));
    const before = withTickers(createTickerTable(), all);
    const after = withTickers(before, [ticker(777, 2)]);
    const same = all.filter(({ symbol }) => before.get(symbol) === after.get(symbol));
    expect(same).toHaveLength(1_999);
    expect(after.get(symbolOf(777))?.spark).toEqual([1, 2]);
    expect(withTickers(after, [])).toBe(after);
  });

  it("keeps the tables of two stores apart", () => {
    const one = withTickers(createTickerTable(), [ticker(1, 5)]);
    const other = withTickers(createTickerTable(), [ticker(2, 6)]);
    expect(one.get(symbolOf(2))).toBeUndefined();
    expect(other.get(symbolOf(1))).toBeUndefined();
  });
});
