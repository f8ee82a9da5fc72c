import { describe, expect, it } from "vitest";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { quantizePrice, quantizeQuantity } from "../../../src/core/domain/instrument.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { assessRisk } from "../../../src/core/domain/risk.ts";
import type { TradingState } from "../../../src/core/domain/trading-state.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { BTCUSDT, limitBuy, NOW, riskRequest } from "./samples.ts";

interface Case {
  readonly draft?: Partial<OrderDraft>;
  readonly instrument?: Partial<Instrument>;
  readonly tradingState?: TradingState;
}

function codesOf({ draft = {}, instrument = {}, tradingState = ACTIVE }: Case): readonly string[] {
  const verdict = assessRisk(
    riskRequest({ draft: limitBuy(draft), instrument: { ...BTCUSDT, ...instrument }, tradingState }),
  );
  return verdict.kind === "approved" ? [] : verdict.denials.map((denial) => denial.code);
}

const base = (text: string) => ({ kind: "base", quantity: quantity(text) }) as const;
const quote = (text: string) => ({ kind: "quote", notional: notional(text) }) as const;
/** A market order: the limit of the sample draft is taken away again. */
function market(size: OrderDraft["size"], seen?: OrderDraft["seen"]): readonly string[] {
  const { limitPrice: _limit, seen: _seen, ...rest } = limitBuy();
  const draft: OrderDraft = { ...rest, type: "market", size, ...(seen === undefined ? {} : { seen }) };
  const verdict = assessRisk(riskRequest({ draft }));
  return verdict.kind === "approved" ? [] : verdict.denials.map((denial) => denial.code);
}

describe("risk", () => {
  it.each<[string, Case, readonly string[]]>([
    ["lets a sound order pass", {}, []],
    ["wants a size", { draft: { size: base("0") } }, ["SIZE_NOT_POSITIVE"]],
    ["wants a price above zero", { draft: { limitPrice: price("0") } }, ["PRICE_MISSING"]],
    ["takes no quote size for a limit", { draft: { size: quote("10") } }, ["QUOTE_SIZE_NEEDS_MARKET"]],
    ["takes no price for a market order", { draft: { type: "market" } }, ["MARKET_WITH_PRICE"]],
    ["holds the tick", { draft: { limitPrice: price("65000.001") } }, ["PRICE_NOT_ON_TICK"]],
    ["takes the tick itself", { draft: { limitPrice: price("65000.01") } }, []],
    ["holds the step", { draft: { size: base("0.100000001") } }, ["QUANTITY_NOT_ON_STEP"]],
    ["holds the least quantity", { draft: { size: base("0.0000009") } }, ["QUANTITY_TOO_SMALL"]],
    ["holds the least notional", { draft: { size: base("0.00001538") } }, ["NOTIONAL_TOO_SMALL"]],
    [
      "takes the least notional itself",
      { draft: { size: base("0.0001"), limitPrice: price("60000") }, instrument: { minNotional: notional("6") } },
      [],
    ],
    [
      "holds the greatest notional",
      { draft: { size: base("0.1") }, instrument: { maxNotional: notional("6499.99") } },
      ["NOTIONAL_TOO_LARGE"],
    ],
    ["holds the trader's own ceiling", { draft: { size: base("0.76924") } }, ["ORDER_TOO_LARGE"]],
    ["takes the ceiling itself", { draft: { size: base("1"), limitPrice: price("50000") } }, []],
    [
      "has no ceiling for a quote without one",
      { draft: { size: base("5") }, instrument: { quote: "BTC" as Instrument["quote"] } },
      [],
    ],
    ["holds the collar of a buy", { draft: { limitPrice: price("71500.01") } }, ["PRICE_OUTSIDE_COLLAR"]],
    ["takes the edge of the collar", { draft: { limitPrice: price("71500") } }, []],
    ["lets a buy be cheap", { draft: { limitPrice: price("100"), size: base("1") } }, []],
    [
      "holds the collar of a sale",
      { draft: { side: "sell", limitPrice: price("58499.99") } },
      ["PRICE_OUTSIDE_COLLAR"],
    ],
    ["lets a sale be dear", { draft: { side: "sell", limitPrice: price("100000") } }, []],
    ["sends nothing while locked", { tradingState: { kind: "locked", reason: "x" } }, ["TRADING_LOCKED"]],
    ["sends nothing while halted", { tradingState: { kind: "halted", reason: "x" } }, ["TRADING_HALTED"]],
    ["buys nothing while reducing", { tradingState: { kind: "reducing", reason: "x" } }, ["TRADING_REDUCING"]],
    ["sells while reducing", { draft: { side: "sell" }, tradingState: { kind: "reducing", reason: "x" } }, []],
    [
      "leaves restricted markets alone",
      { instrument: { tradability: { kind: "restricted", reason: "x", reasons: [], warnings: [] } } },
      ["SYMBOL_RESTRICTED"],
    ],
    ["respects the sides", { instrument: { sides: ["sell"] } }, ["SIDE_RESTRICTED"]],
    ["respects the order types", { instrument: { orderTypes: ["market"] } }, ["ORDER_TYPE_RESTRICTED"]],
    ["knows that immediate types are never listed", { draft: { type: "immediate-or-cancel" } }, []],
    [
      "tells every objection at once",
      { draft: { limitPrice: price("99999.001") }, tradingState: { kind: "halted", reason: "x" } },
      ["TRADING_HALTED", "PRICE_NOT_ON_TICK", "PRICE_OUTSIDE_COLLAR"],
    ],
  ])("%s", (_name, given, codes) => {
    expect(codesOf(given)).toEqual(codes);
  });

  it("lets a market order pass on a fresh quote only", () => {
    expect(market(base("0.1"), { price: price("65000"), at: NOW - 5_000 })).toEqual([]);
    expect(market(base("0.1"), { price: price("65000"), at: NOW - 5_001 })).toEqual(["QUOTE_STALE"]);
    expect(market(base("0.1"))).toEqual(["QUOTE_MISSING"]);
    expect(market(quote("0.5"), { price: price("65000"), at: NOW })).toEqual(["NOTIONAL_TOO_SMALL"]);
    expect(market(quote("10.001"), { price: price("65000"), at: NOW })).toEqual(["AMOUNT_TOO_PRECISE"]);
    expect(market(base("2"), { price: price("65000"), at: NOW })).toEqual(["NOTIONAL_TOO_LARGE", "ORDER_TOO_LARGE"]);
  });

  it("holds up no exit for a limit that is meant for entries", () => {
    const size = { kind: "base", quantity: quantity("1.2") } as const;
    const seen = { price: price("65000"), at: NOW - 60_000 };
    const exit: OrderDraft = { symbol: BTCUSDT.symbol, side: "sell", type: "market", size, seen };
    const low: OrderDraft = { ...exit, type: "immediate-or-cancel", limitPrice: price("50000") };
    for (const draft of [exit, low]) {
      expect(assessRisk(riskRequest({ draft, purpose: "exit" })).kind).toBe("approved");
      expect(assessRisk(riskRequest({ draft })).kind).toBe("denied");
    }
  });

  it("tells the next step in every denial", () => {
    const verdict = assessRisk(riskRequest({ draft: limitBuy({ limitPrice: price("65000.019") }) }));
    expect(verdict).toMatchObject({ denials: [{ hint: "The next price on the tick is 65000.01." }] });
  });
});

describe("quantizing", () => {
  it("never raises the trader's risk", () => {
    expect(quantizePrice(BTCUSDT, "buy", price("65000.019"))).toBe(price("65000.01"));
    expect(quantizePrice(BTCUSDT, "sell", price("65000.011"))).toBe(price("65000.02"));
    expect(quantizeQuantity(BTCUSDT, quantity("0.000000019"))).toBe(quantity("0.00000001"));
  });
});
