import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import type { LotMethod } from "../../../src/core/domain/lots.ts";
import { averageCost, byExecution, createLotTally, LOT_METHODS, unrealised } from "../../../src/core/domain/lots.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { BTCUSDT, fill, NOW } from "./samples.ts";

const usdt = (text: string) => ({ asset: asset("USDT"), quantity: quantity(text) });
const btc = (text: string) => ({ asset: asset("BTC"), quantity: quantity(text) });
let counter = 0;
const trade = (side: Fill["side"], amount: string, at: string, fee = usdt("0")) =>
  fill({
    tradeId: tradeId(`t-${(counter += 1)}`),
    side,
    quantity: quantity(amount),
    price: price(at),
    fee,
    at: NOW + counter * 1_000,
  });
const tallyOf = (fills: readonly Fill[], method: LotMethod) => {
  const tally = createLotTally(BTCUSDT, method);
  const closings = fills.map((it) => tally.add(it));
  return { tally, book: tally.book(), closings };
};
const run = (fills: readonly Fill[], method: LotMethod) => tallyOf(fills, method).book;

describe("lots", () => {
  const fills = [trade("buy", "1", "100"), trade("buy", "1", "200"), trade("sell", "1", "300")];

  it("sells the oldest first under FIFO", () => {
    const book = run(fills, "fifo");
    expect(book.realised).toBe(notional("200"));
    expect(averageCost(book)).toBe(price("200"));
  });

  it("sells at the average under average cost", () => {
    const book = run(fills, "average-cost");
    expect(book.realised).toBe(notional("150"));
    expect(averageCost(book)).toBe(price("150"));
  });

  it("tells of each sale which lots it closed, and what it made of them", () => {
    const sale = trade("sell", "1.5", "300");
    const [first, second] = [trade("buy", "1", "100"), trade("buy", "1", "200")];
    const { closings } = tallyOf([first, second, sale], "fifo");
    expect(closings).toEqual([
      undefined,
      undefined,
      {
        from: [
          { tradeId: first.tradeId, at: first.at, quantity: quantity("1"), cost: notional("100") },
          { tradeId: second.tradeId, at: second.at, quantity: quantity("0.5"), cost: notional("100") },
        ],
        realised: notional("250"),
        uncovered: 0n,
      },
    ]);
  });

  it("counts quote fees into cost and proceeds", () => {
    const book = run([trade("buy", "1", "100", usdt("0.5")), trade("sell", "1", "100", usdt("0.5"))], "fifo");
    expect(book.realised).toBe(notional("-1"));
  });

  it("takes base fees out of what is held", () => {
    const book = run([trade("buy", "1", "100", btc("0.001"))], "fifo");
    expect(book.held).toBe(quantity("0.999"));
    expect(book.heldCost).toBe(notional("100"));
  });

  it("loses the cost of base that only a fee took", () => {
    // Held from before: 1. Shown: 0.0005, all of which goes for the fee.
    const book = run([trade("buy", "0.0005", "100"), trade("sell", "1", "100", btc("0.001"))], "fifo");
    expect(book).toMatchObject({ held: 0n, heldCost: 0n, uncovered: quantity("1.0005"), lots: [] });
    expect(book.realised + book.uncoveredProceeds).toBe(notional("99.95"));
  });

  it("keeps no lot of a buy that its fee ate, and takes the rest of the fee from older base", () => {
    const book = run([trade("buy", "1", "100"), trade("buy", "0.1", "100", btc("0.3"))], "fifo");
    expect(book).toMatchObject({ held: quantity("0.8"), heldCost: notional("80"), realised: notional("-30") });
  });

  it("keeps fees in other assets apart instead of guessing their worth", () => {
    const fee = { asset: asset("MX"), quantity: quantity("0.25") };
    const book = run([trade("buy", "1", "100", fee), trade("sell", "1", "100", fee)], "fifo");
    expect(book).toMatchObject({ realised: 0n, feesElsewhere: new Map([["MX", quantity("0.5")]]) });
  });

  it("realises nothing on base whose cost it does not know, and says what that base brought", () => {
    const book = run([trade("buy", "1", "100"), trade("sell", "4", "200", usdt("4"))], "fifo");
    expect(book).toMatchObject({
      uncovered: quantity("3"),
      realised: notional("99"),
      uncoveredProceeds: notional("597"),
      lots: [],
    });
  });

  it("does not change a book that was handed out", () => {
    const { tally, book } = tallyOf(
      [trade("buy", "1", "100", { asset: asset("MX"), quantity: quantity("1") })],
      "fifo",
    );
    tally.add(trade("sell", "0.5", "100", { asset: asset("MX"), quantity: quantity("1") }));
    expect(book).toMatchObject({ held: quantity("1"), feesElsewhere: new Map([["MX", quantity("1")]]) });
    expect(book.lots).toHaveLength(1);
  });

  it("stays right through thousands of used-up lots", () => {
    const buys = Array.from({ length: 3_000 }, (_, at) => trade("buy", "1", String(at + 1)));
    const { tally } = tallyOf(buys, "fifo");
    const closing = tally.add(trade("sell", "2999", "1"));
    expect(closing?.from).toHaveLength(2_999);
    expect(tally.book()).toMatchObject({ held: quantity("1"), heldCost: notional("3000") });
  });
});

describe("the order of execution", () => {
  it("puts buys before sales within a second, for nobody knows better", () => {
    const sale = fill({ side: "sell", tradeId: tradeId("9"), at: 5_000 });
    const buy = fill({ side: "buy", tradeId: tradeId("10"), at: 5_400 });
    const later = fill({ side: "buy", tradeId: tradeId("1"), at: 6_000 });
    expect([later, sale, buy].sort(byExecution)).toEqual([buy, sale, later]);
    expect(byExecution(sale, sale)).toBe(0);
  });
});

/** Buys and sales with fees in quote, in base and in a third asset. */
const anyFill = fc
  .record({
    side: fc.constantFrom<Fill["side"]>("buy", "sell"),
    amount: fc.integer({ min: 1, max: 5_000 }),
    at: fc.integer({ min: 1, max: 90_000 }),
    feeIn: fc.constantFrom("USDT", "BTC", "MX"),
    fee: fc.integer({ min: 0, max: 8_000 }),
  })
  .map(({ side, amount, at, feeIn, fee }) =>
    trade(side, `${amount / 1_000}`, `${at}`, { asset: asset(feeIn), quantity: quantity(`${fee / 1_000}`) }),
  );
const sumOf = (fills: readonly Fill[], of: (fill: Fill) => bigint) => fills.reduce((sum, it) => sum + of(it), 0n);
const feeIn = (it: Fill, name: string) => (it.fee.asset === name ? it.fee.quantity : 0n);

describe.each(LOT_METHODS)("any run of fills under %s", (method) => {
  it("conserves base: bought − sold − base fees = held − what was never shown as bought", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const book = run(fills, method);
        const net = sumOf(fills, (it) => (it.side === "buy" ? it.quantity : -it.quantity) - feeIn(it, "BTC"));
        expect(book.held - book.uncovered).toBe(net);
        expect(book.lots.every((lot) => lot.quantity > 0n)).toBe(true);
        expect(book.lots.reduce((sum, lot) => sum + lot.quantity, 0n)).toBe(book.held);
        expect(book.lots.reduce((sum, lot) => sum + lot.cost, 0n)).toBe(book.heldCost);
      }),
    );
  });

  it("conserves money: cash = realised − cost of what is held + what uncovered base brought, to the last unit", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const book = run(fills, method);
        const cash = sumOf(fills, (it) => (it.side === "buy" ? -it.notional : it.notional) - feeIn(it, "USDT"));
        expect(book.realised - book.heldCost + book.uncoveredProceeds).toBe(cash);
        expect(book.feesElsewhere.get(asset("MX")) ?? 0n).toBe(sumOf(fills, (it) => feeIn(it, "MX")));
      }),
    );
  });

  it("makes realised + unrealised the change of the account's worth, whatever the price", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), fc.integer({ min: 1, max: 90_000 }), (fills, at) => {
        const book = run(fills, method);
        if (book.uncovered > 0n) return;
        const now = price(`${at}`);
        const base = sumOf(fills, (it) => (it.side === "buy" ? it.quantity : -it.quantity) - feeIn(it, "BTC"));
        const cash = sumOf(fills, (it) => (it.side === "buy" ? -it.notional : it.notional) - feeIn(it, "USDT"));
        // Prices are whole and quantities have three decimals, so the product is exact.
        expect(book.realised + unrealised(book, now)).toBe(cash + (base * now) / 10n ** 18n);
      }),
    );
  });

  it("tells the same sum of closings as the book", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const { book, closings } = tallyOf(fills, method);
        const realised = closings.reduce((sum, it) => sum + (it?.realised ?? 0n), 0n);
        const eaten = fills.filter((it) => it.side === "buy" && feeIn(it, "BTC") >= it.quantity);
        if (eaten.length > 0) return;
        expect(realised).toBe(book.realised);
        expect(closings.reduce((sum, it) => sum + (it?.uncovered ?? 0n), 0n)).toBe(book.uncovered);
      }),
    );
  });
});
