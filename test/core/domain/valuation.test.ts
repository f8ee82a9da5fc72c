import { describe, expect, it } from "vitest";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { PricePoint } from "../../../src/core/domain/valuation.ts";
import { createValuer, valueBalances } from "../../../src/core/domain/valuation.ts";
import { NOW } from "./samples.ts";

const USDT = asset("USDT");
const market = (base: string, quote: string) => ({
  symbol: marketSymbol(base + quote),
  base: asset(base),
  quote: asset(quote),
});
const MARKETS = [
  market("BTC", "USDT"),
  market("ETH", "BTC"),
  market("ETH", "EUR"),
  market("USDT", "EUR"),
  market("GONE", "USDT"),
  market("ODD", "GONE"),
];
const PRICES = new Map<string, PricePoint>([
  ["BTCUSDT", { price: price("60000"), at: NOW - 5_000 }],
  ["ETHBTC", { price: price("0.05"), at: NOW - 9_000 }],
  ["ETHEUR", { price: price("2500"), at: NOW }],
  ["USDTEUR", { price: price("0.8"), at: NOW }],
  ["GONEUSDT", { price: price("0"), at: NOW }],
]);
const valuer = createValuer(MARKETS, (symbol) => PRICES.get(symbol));
const worth = (of: string, amount: string, quote = USDT) => valuer.worth(asset(of), quantity(amount), quote);

describe("an amount is worth", () => {
  it("itself in its own asset", () => {
    expect(worth("USDT", "12.5")).toEqual({ kind: "known", value: notional("12.5"), via: [], at: undefined });
  });

  it("the last price of the market between the two, in either direction, with its age", () => {
    expect(worth("BTC", "0.5")).toEqual({ kind: "known", value: notional("30000"), via: ["BTCUSDT"], at: NOW - 5_000 });
    expect(worth("EUR", "8")).toMatchObject({ value: notional("10"), via: ["USDTEUR"] });
  });

  it("two markets' prices with one asset in between, as old as the older of the two", () => {
    expect(worth("ETH", "2")).toEqual({
      kind: "known",
      value: notional("6000"),
      via: ["ETHBTC", "BTCUSDT"],
      at: NOW - 9_000,
    });
  });

  it("something unknown, with the reason, where no price leads there or the only price is nought", () => {
    expect(worth("GONE", "5")).toEqual({ kind: "unknown", reason: "no price leads from GONE to USDT" });
    expect(worth("ODD", "5")).toMatchObject({ kind: "unknown" });
    expect(worth("NEW", "5")).toEqual({ kind: "unknown", reason: "no market trades NEW" });
  });
});

it("sums up what has a price and names the rest", () => {
  const balance = (of: string, free: string, locked = "0") => ({
    asset: asset(of),
    free: quantity(free),
    locked: quantity(locked),
    at: NOW,
  });
  const all = [balance("NEW", "3"), balance("USDT", "100", "20"), balance("BTC", "0.01"), balance("ETH", "0")];
  const equity = valueBalances(all, valuer, USDT);
  expect(equity.known).toBe(notional("720"));
  expect(equity.holdings.map(({ balance: { asset: name } }) => name)).toEqual(["BTC", "USDT", "NEW"]);
  expect(equity.unknown).toEqual([{ asset: "NEW", quantity: quantity("3"), reason: "no market trades NEW" }]);
});
