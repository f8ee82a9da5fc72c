import { describe, expect, it } from "vitest";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, marketSymbol, tradeId } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import { createPositionTally, positionFromFills, valuePosition } from "../../../src/core/domain/position.ts";
import { measureRoundTrips } from "../../../src/core/domain/round-trip.ts";
import { BTCUSDT, fill, NOW } from "./samples.ts";

const fee = (name: string, amount: string) => ({ asset: asset(name), quantity: quantity(amount) });
let counter = 0;
const trade = (side: Fill["side"], amount: string, at: string, paid = fee("USDT", "0")) =>
  fill({
    tradeId: tradeId(`t-${(counter += 1)}`),
    side,
    quantity: quantity(amount),
    price: price(at),
    fee: paid,
    at: NOW + counter * 1_000,
  });
const positionOf = (fills: readonly Fill[], rules = true) => {
  const tally = createPositionTally(BTCUSDT, "fifo", rules ? BTCUSDT : undefined);
  for (const it of fills) expect(tally.add(it)).toBe(true);
  return tally.position();
};
const noPrice = () => undefined;

describe("a round trip", () => {
  it("goes from nothing held to nothing held", () => {
    const fills = [
      trade("buy", "1", "100"),
      trade("buy", "1", "110"),
      trade("sell", "2", "120"),
      trade("buy", "1", "90"),
    ];
    const { roundTrips } = positionOf(fills);
    expect(roundTrips).toMatchObject([
      { opening: fills[0]?.tradeId, closing: fills[2]?.tradeId, fills: 3, realised: notional("30"), uncovered: 0n },
    ]);
  });

  it("ends at a rest too small to be sold, whose cost stays", () => {
    const dusty = [trade("buy", "1", "100", fee("BTC", "0.0000000001")), trade("sell", "0.99999999", "110")];
    expect(positionOf(dusty).roundTrips).toHaveLength(1);
    expect(positionOf(dusty, false).roundTrips).toHaveLength(0);
    // 0.009 BTC at 100 are 0.9 USDT, below the least notional of 1.
    expect(positionOf([trade("buy", "1", "100"), trade("sell", "0.991", "100")]).roundTrips).toHaveLength(1);
    expect(positionOf([trade("buy", "1", "100"), trade("sell", "0.98", "100")]).roundTrips).toHaveLength(0);
  });

  it("does not begin with the sale of base held from before", () => {
    const position = positionOf([trade("sell", "1", "100"), trade("buy", "1", "100"), trade("sell", "1", "101")]);
    expect(position.roundTrips).toMatchObject([{ realised: notional("1"), fills: 2 }]);
  });
});

describe("the figures of round trips", () => {
  const trips = positionOf([
    ...[trade("buy", "1", "100"), trade("sell", "1", "130")],
    ...[trade("buy", "1", "100"), trade("sell", "1", "90")],
    ...[trade("buy", "1", "100"), trade("sell", "1", "100")],
    ...[trade("buy", "1", "100"), trade("sell", "2", "100")],
    ...[trade("buy", "1", "100", fee("MX", "2")), trade("sell", "1", "105")],
  ]).roundTrips;

  it("count a trip with an unknown part as unknown, never as even", () => {
    expect(measureRoundTrips(trips, noPrice)).toEqual({
      closed: 5,
      wins: 1,
      losses: 1,
      even: 1,
      unknown: 2,
      grossProfit: notional("30"),
      grossLoss: notional("10"),
      winRate: ratio("0.333333333333333333"),
      profitFactor: ratio("3"),
    });
  });

  it("take fees in another asset off once it has a price", () => {
    const figures = measureRoundTrips(
      trips,
      (_asset, amount) => (amount * 3n) as unknown as ReturnType<typeof notional>,
    );
    // 2 MX at 3 turn a gain of 5 into a loss of 1.
    expect(figures).toMatchObject({ wins: 1, losses: 2, even: 1, unknown: 1, grossLoss: notional("11") });
  });

  it("are unknown without a trip, and without a loss to divide by", () => {
    expect(measureRoundTrips([], noPrice)).toMatchObject({ winRate: undefined, profitFactor: undefined });
    expect(measureRoundTrips(trips.slice(0, 1), noPrice)).toMatchObject({
      winRate: ratio("1"),
      profitFactor: undefined,
    });
  });
});

describe("the value of a position", () => {
  const position = positionOf([trade("buy", "1", "100", fee("MX", "2")), trade("sell", "0.5", "120", fee("MX", "1"))]);

  it("is unknown without a price, never zero", () => {
    const { value, unrealised, realised, without } = valuePosition(position, undefined, noPrice);
    expect([value, unrealised, realised]).toEqual([undefined, undefined, notional("10")]);
    expect(without).toEqual(new Map([["MX", quantity("3")]]));
  });

  it("has the fees of other assets taken off where they have a price", () => {
    const valued = valuePosition(position, price("90"), () => notional("1.5"));
    expect(valued).toEqual({
      value: notional("45"),
      unrealised: notional("-5"),
      realised: notional("8.5"),
      without: new Map(),
    });
  });
});

it("refuses a fill that belongs before those it has seen, and is not changed by it", () => {
  const tally = createPositionTally(BTCUSDT, "fifo");
  const early = trade("buy", "1", "100");
  const late = trade("buy", "1", "110");
  expect([tally.add(late), tally.add(early)]).toEqual([true, false]);
  expect(tally.position()).toMatchObject({ quantity: quantity("1"), cost: notional("110"), fills: 1 });
});

it("has all counted anew when both sides come to have traded within a second: their order is not told by one alone", () => {
  const tally = createPositionTally(BTCUSDT, "fifo");
  const [sale, buy, later] = [trade("sell", "1", "100"), trade("buy", "1", "100"), trade("buy", "1", "100")];
  expect(tally.add({ ...sale, at: 5_000 })).toBe(true);
  expect(tally.add({ ...buy, at: 5_900 })).toBe(false);
  expect(tally.position()).toMatchObject({ quantity: 0n, fills: 1 });
  expect(tally.add({ ...later, at: 6_000 })).toBe(true);
});

it("is the same from fills in any order, those of other markets left out", () => {
  const fills = [trade("buy", "1", "100"), trade("buy", "1", "120"), trade("sell", "1", "130")];
  const other = fill({ symbol: marketSymbol("ETHUSDT"), tradeId: tradeId("other") });
  const position = positionFromFills(BTCUSDT, [other, ...fills].toReversed(), "fifo", () => undefined);
  expect(position).toMatchObject({ fills: 3, quantity: quantity("1"), realised: notional("30") });
});
