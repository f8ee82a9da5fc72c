import { z } from "zod";
import type { Balance } from "../../../core/domain/balance.ts";
import type { Fill } from "../../../core/domain/fill.ts";
import { asset, clientOrderId, marketSymbol, orderId, tradeId } from "../../../core/domain/identifiers.ts";
import type { OrderReport, ReportedStatus } from "../../../core/domain/order.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import { ORDER_TYPES } from "./order-types.ts";
import { readFee, readName, readNotional, readPrice, readQuantity, timeSchema, unreadable } from "./unreadable.ts";

export const orderSchema = z.object({
  symbol: z.string(),
  orderId: z.string().min(1),
  clientOrderId: z.string().nullish(),
  price: z.string().nullish(),
  origQty: z.string().nullish(),
  executedQty: z.string(),
  cummulativeQuoteQty: z.string().nullish(),
  status: z.string(),
  type: z.string(),
  side: z.enum(["BUY", "SELL"]),
  time: timeSchema.nullish(),
  updateTime: timeSchema.nullish(),
});

// Maps, because a word of the exchange such as "constructor" must find nothing.
const STATUSES: ReadonlyMap<string, ReportedStatus> = new Map([
  ["NEW", "open"],
  ["PARTIALLY_FILLED", "partially-filled"],
  ["FILLED", "filled"],
  ["CANCELED", "cancelled"],
  // Ended after a part of it had filled: it is cancelled, not open.
  ["PARTIALLY_CANCELED", "cancelled"],
]);

export function toOrderReport(row: z.infer<typeof orderSchema>): OrderReport {
  const status = STATUSES.get(row.status);
  if (status === undefined) throw unreadable(`an order has the status ${row.status}`);
  // Stop orders placed on the web show up with types of their own; to us they are limit orders that rest.
  const type = ORDER_TYPES.get(row.type) ?? "limit";
  const price = row.price == null || row.price === "" ? undefined : readPrice(row.price);
  const quantity = row.origQty == null || row.origQty === "" ? undefined : readQuantity(row.origQty);
  return {
    orderId: orderId(readName(row.orderId, "an order's id")),
    ...(row.clientOrderId == null || row.clientOrderId === ""
      ? {}
      : { clientOrderId: clientOrderId(safeText(row.clientOrderId, 64)) }),
    symbol: marketSymbol(readName(row.symbol, "a market's name", 40)),
    side: row.side === "BUY" ? "buy" : "sell",
    type,
    ...(quantity === undefined || quantity === 0n ? {} : { quantity }),
    // The price of a market order is a protective band, not a limit.
    ...(price === undefined || type === "market" ? {} : { limitPrice: price }),
    status,
    executedQuantity: readQuantity(row.executedQty),
    executedNotional: readNotional(row.cummulativeQuoteQty ?? "0"),
    createdAt: row.time ?? row.updateTime ?? 0,
    ...(row.updateTime == null ? {} : { updatedAt: row.updateTime }),
  };
}

export const fillSchema = z.object({
  symbol: z.string(),
  id: z.string().min(1),
  orderId: z.string().min(1),
  clientOrderId: z.string().nullish(),
  price: z.string(),
  qty: z.string(),
  quoteQty: z.string(),
  commission: z.string().nullish(),
  commissionAsset: z.string().nullish(),
  time: timeSchema,
  isBuyer: z.boolean(),
  isMaker: z.boolean(),
});

export function toFill(row: z.infer<typeof fillSchema>): Fill {
  return {
    tradeId: tradeId(readName(row.id, "a fill's id")),
    orderId: orderId(readName(row.orderId, "an order's id")),
    ...(row.clientOrderId == null || row.clientOrderId === ""
      ? {}
      : { clientOrderId: clientOrderId(safeText(row.clientOrderId, 64)) }),
    symbol: marketSymbol(readName(row.symbol, "a market's name", 40)),
    side: row.isBuyer ? "buy" : "sell",
    price: readPrice(row.price),
    quantity: readQuantity(row.qty),
    notional: readNotional(row.quoteQty),
    fee: { asset: asset(safeText(row.commissionAsset ?? "", 30)), quantity: readFee(row.commission ?? "0") },
    liquidity: row.isMaker ? "maker" : "taker",
    at: row.time,
  };
}

export const accountSchema = z.object({ balances: z.array(z.unknown()) });
export const balanceSchema = z.object({ asset: z.string(), free: z.string(), locked: z.string() });

/** @param at the exchange's time when it was asked, so that any later push counts as newer. */
export function toBalance(row: z.infer<typeof balanceSchema>, at: number): Balance {
  return {
    asset: asset(readName(row.asset, "an asset", 30)),
    free: readQuantity(row.free),
    locked: readQuantity(row.locked),
    at,
  };
}
