import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, tradeId } from "../../../src/core/domain/identifiers.ts";
import type { LotMethod } from "../../../src/core/domain/lots.ts";
import { applyFillToLots, averageCost, heldCost, heldQuantity, NO_LOTS } from "../../../src/core/domain/lots.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { positionFromFills } from "../../../src/core/domain/position.ts";
import { BTCUSDT, fill, NOW } from "./samples.ts";

const usdt = (text: string) => ({ asset: asset("USDT"), quantity: quantity(text) });
let counter = 0;
const trade = (side: Fill["side"], amount: string, at: string, fee = usdt("0")) =>
  fill({
    tradeId: tradeId(`t-${(counter += 1)}`),
    side,
    quantity: quantity(amount),
    price: price(at),
    fee,
    at: NOW + counter,
  });
const run = (fills: readonly Fill[], method: LotMethod) =>
  fills.reduce((book, it) => applyFillToLots(book, it, BTCUSDT, method), NO_LOTS);

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

  it("counts quote fees into cost and proceeds", () => {
    const book = run([trade("buy", "1", "100", usdt("0.5")), trade("sell", "1", "100", usdt("0.5"))], "fifo");
    expect(book.realised).toBe(notional("-1"));
  });

  it("takes base fees out of what is held", () => {
    const book = run([trade("buy", "1", "100", { asset: asset("BTC"), quantity: quantity("0.001") })], "fifo");
    expect(heldQuantity(book)).toBe(quantity("0.999"));
    expect(heldCost(book)).toBe(notional("100"));
  });

  it("keeps fees in other assets apart instead of guessing their worth", () => {
    const fee = { asset: asset("MX"), quantity: quantity("0.25") };
    expect(run([trade("buy", "1", "100", fee)], "fifo")).toMatchObject({ feesElsewhere: [fee], realised: 0n });
  });

  it("realises nothing on base whose cost it does not know", () => {
    const book = run([trade("buy", "1", "100"), trade("sell", "4", "200")], "fifo");
    expect(book).toMatchObject({ uncovered: quantity("3"), realised: notional("100"), lots: [] });
  });

  it("says unknown instead of zero without a price", () => {
    const position = positionFromFills(BTCUSDT, [trade("buy", "1", "100")], "fifo", undefined);
    expect(position.unrealised).toBeUndefined();
    expect(positionFromFills(BTCUSDT, [trade("buy", "1", "100")], "fifo", price("90")).unrealised).toBe(
      notional("-10"),
    );
  });
});

describe("any run of fills", () => {
  const anyFill = fc
    .record({
      side: fc.constantFrom<Fill["side"]>("buy", "sell"),
      amount: fc.integer({ min: 1, max: 5_000 }),
      at: fc.integer({ min: 1, max: 90_000 }),
    })
    .map(({ side, amount, at }) => trade(side, `${amount / 1_000}`, `${at}`, usdt("0.01")));

  it.each<LotMethod>(["fifo", "average-cost"])("balances quantities and money under %s", (method) => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 30 }), (fills) => {
        const book = run(fills, method);
        const net = fills.reduce((sum, it) => sum + (it.side === "buy" ? it.quantity : -it.quantity), 0n);
        expect(heldQuantity(book) - book.uncovered).toBe(net);
        expect(book.lots.every((lot) => lot.quantity > 0n)).toBe(true);
        if (book.uncovered > 0n) return;
        // With every sale covered, money in = money out + what is still held, to the last unit.
        const cash = fills.reduce(
          (sum, it) => sum + (it.side === "buy" ? -it.notional : it.notional) - it.fee.quantity,
          0n,
        );
        expect(book.realised - heldCost(book)).toBe(cash);
      }),
    );
  });
});
