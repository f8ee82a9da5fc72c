import type { Quantity } from "../../core/domain/money.ts";
import { ZERO_NOTIONAL, ZERO_QUANTITY, quantityFor, ratio, roundToStep, scale } from "../../core/domain/money.ts";
import { feeOf, lockFor } from "./fees.ts";
import type { SimInstrument } from "./instrument.ts";
import type { Market } from "./market.ts";
import type { SwitchValue } from "../switches.ts";
import type { Execution, MatchPlan, Prevention } from "./matching.ts";
import { planMatch } from "./matching.ts";
import type { ExchangeOrder, OrderRequest, Side } from "./order.ts";
import { remainingOf } from "./order.ts";

const BUY_PROTECTION = ratio("1.05");
const SELL_PROTECTION = ratio("0.95");

/** How a MARKET order sized in quote is read. */
export type QuoteReading = SwitchValue<"market-by-quote">;

/** The order a checked request makes, without an id. MARKET orders get the protective price they trade up to. */
export function draftOrder(
  market: Market,
  apiKey: string,
  request: OrderRequest,
  reading: QuoteReading,
  now: number,
): ExchangeOrder {
  const { tickSize, stepSize } = market.instrument;
  const protection = request.side === "BUY" ? BUY_PROTECTION : SELL_PROTECTION;
  const protective = roundToStep(scale(market.lastPrice, protection, "half-even"), tickSize, "half-even");
  const price = request.type === "MARKET" ? protective : (request.price ?? protective);
  const quantity =
    request.quantity ??
    roundToStep(quantityFor(request.quoteOrderQty ?? ZERO_NOTIONAL, price, "down"), stepSize, "down");
  return {
    orderId: "",
    apiKey,
    symbol: market.symbol,
    side: request.side,
    type: request.type,
    clientOrderId: request.clientOrderId ?? null,
    price,
    quantity,
    quoteOrderQty: reading === "spend-all" ? request.quoteOrderQty : undefined,
    executedQuantity: ZERO_QUANTITY,
    executedNotional: ZERO_NOTIONAL,
    locked: ZERO_QUANTITY,
    status: "NEW",
    stpMode: request.stpMode ?? "",
    cancelReason: null,
    time: now,
    updateTime: null,
  };
}

/** What an order would execute at once. A FILL_OR_KILL that cannot have all gets nothing; a LIMIT_MAKER never takes. */
export function planOrder(market: Market, order: ExchangeOrder, prevention: Prevention | undefined): MatchPlan {
  if (order.type === "LIMIT_MAKER") return { ...NO_MATCH, isStopped: false };
  const isSizedInQuote = order.quoteOrderQty !== undefined;
  const plan = planMatch(
    market.book,
    {
      side: order.side,
      limit: order.price,
      quantity: isSizedInQuote ? undefined : remainingOf(order),
      budget: order.quoteOrderQty,
      stepSize: market.instrument.stepSize,
    },
    prevention,
  );
  if (order.type !== "FILL_OR_KILL" || baseOf(plan.executions) === order.quantity) return plan;
  return { ...NO_MATCH, isStopped: plan.isStopped };
}

const NO_MATCH = { executions: [], cancelled: [] } as const;

/** What has to be set aside before the order is accepted. */
export function fundsFor(instrument: SimInstrument, order: ExchangeOrder, executions: readonly Execution[]): Quantity {
  if (order.type !== "MARKET") return lockFor(instrument, order);
  if (order.side === "SELL") return order.quoteOrderQty === undefined ? order.quantity : baseOf(executions);
  return executions.reduce((sum, one) => sum + one.notional + feeOf(instrument, one.notional, false), 0n) as Quantity;
}

/** The asset an order pays with. */
export function paidAsset(instrument: SimInstrument, side: Side): string {
  return side === "BUY" ? instrument.quoteAsset : instrument.baseAsset;
}

function baseOf(executions: readonly Execution[]): Quantity {
  return executions.reduce((sum, execution) => sum + execution.quantity, 0n) as Quantity;
}
