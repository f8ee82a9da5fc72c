import type { CoverageScope } from "../../../src/core/domain/arming/plan-coverage.ts";
import type { DomainEvent, OrderIntent } from "../../../src/core/domain/events.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import { asset, clientOrderId, marketSymbol, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { notional, notionalOf, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { Order, OrderDraft, OrderReport } from "../../../src/core/domain/order.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import type { RiskAccount } from "../../../src/core/domain/risk-account.ts";
import type { RiskLimits, RiskRequest } from "../../../src/core/domain/risk-request.ts";
import { assessRisk } from "../../../src/core/domain/risk.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";

export const BTCUSDT: Instrument = {
  symbol: marketSymbol("BTCUSDT"),
  base: asset("BTC"),
  quote: asset("USDT"),
  fullName: "Bitcoin",
  tickSize: price("0.01"),
  stepSize: quantity("0.00000001"),
  minQuantity: quantity("0.000001"),
  minNotional: notional("1"),
  maxNotional: notional("4000000"),
  minNotionalMarket: notional("1"),
  maxNotionalMarket: notional("100000"),
  orderTypes: ["limit", "market", "post-only"],
  makerFee: ratio("0"),
  takerFee: ratio("0.0005"),
  tradability: { kind: "tradable", warnings: [] },
  sides: ["buy", "sell"],
  riskMarked: false,
};

/** No limit that a trader would have to choose. */
export const WIDE_LIMITS: RiskLimits = {
  largestOrder: new Map(),
  priceCollar: ratio("10"),
  staleQuoteMs: 60_000,
  exposurePerSymbol: new Map(),
  exposureTotal: new Map(),
  concentration: undefined,
  ordersPerMinute: undefined,
  maxOpenOrders: 500,
  allowedSymbols: undefined,
  blockedSymbols: new Set(),
  allowsRiskMarked: false,
  quoteReserve: new Map(),
};

export const LIMITS: RiskLimits = {
  ...WIDE_LIMITS,
  largestOrder: new Map([["USDT", notional("50000")]]),
  priceCollar: ratio("0.1"),
  staleQuoteMs: 5_000,
};

export const NOW = 1_700_000_000_000;

/** An account of which nothing is known but that no order works. */
export const UNREAD_ACCOUNT: RiskAccount = {
  workingOrders: [],
  purchases: [],
  intendedAt: [],
  balances: undefined,
  markets: undefined,
};

/** What the rules judge: a sound draft of an account nobody has read, unless told otherwise. */
export function riskRequest(over: Partial<RiskRequest> = {}): RiskRequest {
  return {
    draft: limitBuy(),
    instrument: BTCUSDT,
    tradingState: ACTIVE,
    limits: LIMITS,
    now: NOW,
    purpose: "usual",
    account: UNREAD_ACCOUNT,
    ...over,
  };
}

export function limitBuy(over: Partial<OrderDraft> = {}): OrderDraft {
  return {
    symbol: BTCUSDT.symbol,
    side: "buy",
    type: "limit",
    size: { kind: "base", quantity: quantity("0.1") },
    limitPrice: price("65000"),
    seen: { price: price("65000"), at: NOW },
    ...over,
  };
}

export function intentOf(draft: OrderDraft, id = "td-1"): OrderIntent {
  const verdict = assessRisk(riskRequest({ draft }));
  if (verdict.kind !== "approved") throw new Error(`sample denied: ${verdict.denials.map((it) => it.code).join()}`);
  return { clientOrderId: clientOrderId(id), draft: verdict.draft, at: NOW };
}

export function intended(
  draft: OrderDraft = limitBuy(),
  id = "td-1",
): Extract<DomainEvent, { type: "order-intended" }> {
  return { type: "order-intended", intent: intentOf(draft, id) };
}

export function report(over: Partial<OrderReport> = {}): OrderReport {
  return {
    orderId: orderId("C02__1"),
    clientOrderId: clientOrderId("td-1"),
    symbol: BTCUSDT.symbol,
    side: "buy",
    type: "limit",
    quantity: quantity("0.1"),
    limitPrice: price("65000"),
    status: "open",
    executedQuantity: quantity("0"),
    executedNotional: notional("0"),
    createdAt: NOW,
    ...over,
  };
}

export function fill(over: Partial<Fill> = {}): Fill {
  const at = over.price ?? price("65000");
  const amount = over.quantity ?? quantity("0.04");
  return {
    tradeId: tradeId("t-1"),
    orderId: orderId("C02__1"),
    clientOrderId: clientOrderId("td-1"),
    symbol: BTCUSDT.symbol,
    side: "buy",
    price: at,
    quantity: amount,
    notional: notionalOf(at, amount, "half-even"),
    fee: { asset: asset("USDT"), quantity: quantity("0") },
    liquidity: "maker",
    at: NOW,
    ...over,
  };
}

/** Of a protection that covers a position, beside which nothing is held. */
export const SCOPE_SAMPLE: CoverageScope = {
  of: "position",
  covers: quantity("0.02"),
  position: quantity("0.02"),
  held: quantity("0.02"),
  outside: quantity("0"),
};

export function protectionSample(changes: Partial<Protection> = {}): Protection {
  return {
    protectionId: "p1",
    symbol: BTCUSDT.symbol,
    coverage: { kind: "quantity", quantity: quantity("0.002") },
    legs: [{ legId: "sl", rule: { kind: "stop-loss", triggerPrice: price("60000") }, state: "live", attempts: [] }],
    exit: { kind: "market" },
    trigger: "last",
    confirmation: { prints: 2, holdMs: 0 },
    state: "armed",
    version: 1,
    createdAt: NOW,
    ...changes,
  };
}

/** 0.001 BTC at 65,000, resting at the exchange. */
export function orderSample(over: Partial<Order> = {}): Order {
  return {
    clientOrderId: clientOrderId("td-1"),
    orderId: orderId("C02__1"),
    symbol: BTCUSDT.symbol,
    side: "buy",
    type: "limit",
    size: { kind: "base", quantity: quantity("0.001") },
    limitPrice: price("65000"),
    state: "open",
    filledQuantity: quantity("0"),
    filledNotional: notional("0"),
    reportedQuantity: quantity("0"),
    reportedNotional: notional("0"),
    origin: "own",
    createdAt: NOW,
    updatedAt: NOW,
    ...over,
  };
}

export function withoutOrderId(order: Order): Order {
  const { orderId: _id, ...rest } = order;
  return rest;
}

/** 0.1 BTC of it, made two minutes ago, under no id of the exchange. */
export function workingBuy(over: Partial<Order> = {}): Order {
  return {
    ...withoutOrderId(orderSample({ clientOrderId: clientOrderId("td-9"), createdAt: NOW - 120_000 })),
    size: { kind: "base", quantity: quantity("0.1") },
    ...over,
  };
}
