import { getTableColumns } from "drizzle-orm";
import type { OrderIntent } from "../../core/domain/events.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { AccountId, Timestamp } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { Notional, Quantity } from "../../core/domain/money.ts";
import type { Order, OrderDraft, OrderSize } from "../../core/domain/order.ts";
import type { Protection } from "../../core/domain/protection.ts";
import { evidenceRank } from "./order-merge.ts";
import { decodeMoneyJson, encodeMoneyJson } from "./money-json.ts";
import { fillKey, orderKey, protectionKey } from "./row-keys.ts";
import type { RowOf } from "./row-writer.ts";
import type { intents, SyncedTable } from "./schema.ts";
import { fills, orders, protections } from "./schema.ts";
import { databaseUnreadable } from "./storage-error.ts";

/** Whose rows these are. */
export interface Owner {
  readonly accountId: AccountId;
  readonly mode: Mode;
}

/** A table's own columns: the 60-bit hash does not fit a `number`, and no reader wants the bookkeeping. */
export function ownColumns<T extends SyncedTable>(table: T): Omit<T["_"]["columns"], "hlc" | "deleted" | "hash"> {
  const { hlc: _hlc, deleted: _deleted, hash: _hash, ...columns } = getTableColumns(table) as Record<string, unknown>;
  return columns as Omit<T["_"]["columns"], "hlc" | "deleted" | "hash">;
}
export const ORDER_COLUMNS = ownColumns(orders);
export const FILL_COLUMNS = ownColumns(fills);
export const PROTECTION_COLUMNS = ownColumns(protections);

type Selected<T extends SyncedTable> = Omit<T["$inferSelect"], "hlc" | "deleted" | "hash">;

export function orderToRow(owner: Owner, order: Order): RowOf<typeof orders> {
  return {
    key: orderKey(owner.accountId, order.clientOrderId),
    accountId: owner.accountId,
    mode: owner.mode,
    clientOrderId: order.clientOrderId,
    orderId: order.orderId ?? null,
    ...draftToRow(order),
    state: order.state,
    evidenceRank: evidenceRank(order),
    filledQuantity: order.filledQuantity,
    filledNotional: order.filledNotional,
    reportedQuantity: order.reportedQuantity,
    reportedNotional: order.reportedNotional,
    origin: order.origin,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    cancelRequestedAt: order.cancelRequestedAt ?? null,
    reasonCode: order.reason?.code ?? null,
    reasonMessage: order.reason?.message ?? null,
  };
}

export function rowToOrder(row: Selected<typeof orders>): Order {
  return {
    clientOrderId: row.clientOrderId,
    ...(row.orderId === null ? {} : { orderId: row.orderId }),
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    size: sizeOf(row),
    ...(row.limitPrice === null ? {} : { limitPrice: row.limitPrice }),
    state: row.state,
    filledQuantity: row.filledQuantity,
    filledNotional: row.filledNotional,
    reportedQuantity: row.reportedQuantity,
    reportedNotional: row.reportedNotional,
    origin: row.origin,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(row.cancelRequestedAt === null ? {} : { cancelRequestedAt: row.cancelRequestedAt }),
    ...(row.reasonCode === null ? {} : { reason: { code: row.reasonCode, message: row.reasonMessage ?? "" } }),
  };
}

export function intentToRow(owner: Owner, intent: OrderIntent): RowOf<typeof intents> {
  const { clientOrderId, draft, at } = intent;
  return {
    key: orderKey(owner.accountId, clientOrderId),
    accountId: owner.accountId,
    mode: owner.mode,
    clientOrderId,
    ...draftToRow(draft),
    seenPrice: draft.seen?.price ?? null,
    seenAt: draft.seen?.at ?? null,
    at,
  };
}

export function fillToRow(owner: Owner, fill: Fill): RowOf<typeof fills> {
  return {
    key: fillKey(owner.accountId, fill),
    accountId: owner.accountId,
    mode: owner.mode,
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    clientOrderId: fill.clientOrderId ?? null,
    symbol: fill.symbol,
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    notional: fill.notional,
    feeAsset: fill.fee.asset,
    feeQuantity: fill.fee.quantity,
    liquidity: fill.liquidity,
    at: fill.at,
  };
}

export function rowToFill(row: Selected<typeof fills>): Fill {
  return {
    tradeId: row.tradeId,
    orderId: row.orderId,
    ...(row.clientOrderId === null ? {} : { clientOrderId: row.clientOrderId }),
    symbol: row.symbol,
    side: row.side,
    price: row.price,
    quantity: row.quantity,
    notional: row.notional,
    fee: { asset: row.feeAsset, quantity: row.feeQuantity },
    liquidity: row.liquidity,
    at: row.at,
  };
}

export function protectionToRow(owner: Owner, protection: Protection, at: Timestamp): RowOf<typeof protections> {
  return {
    key: protectionKey(owner.accountId, protection.protectionId),
    accountId: owner.accountId,
    mode: owner.mode,
    protectionId: protection.protectionId,
    symbol: protection.symbol,
    state: protection.state,
    version: protection.version,
    record: encodeMoneyJson(protection),
    createdAt: protection.createdAt,
    updatedAt: at,
  };
}

/** @throws AppError DATABASE_UNREADABLE for a record that no version of this program can have written. */
export function rowToProtection(row: Pick<Selected<typeof protections>, "key" | "record">): Protection {
  try {
    return decodeMoneyJson(row.record) as Protection;
  } catch (cause) {
    throw databaseUnreadable(`Protection ${row.key} cannot be read.`, undefined, cause);
  }
}

function draftToRow(draft: Pick<OrderDraft, "symbol" | "side" | "type" | "size" | "limitPrice">) {
  const { size } = draft;
  return {
    symbol: draft.symbol,
    side: draft.side,
    type: draft.type,
    sizeKind: size.kind,
    sizeQuantity: size.kind === "base" ? size.quantity : null,
    sizeNotional: size.kind === "quote" ? size.notional : null,
    limitPrice: draft.limitPrice ?? null,
  };
}

function sizeOf(row: {
  readonly key: string;
  readonly sizeKind: OrderSize["kind"];
  readonly sizeQuantity: Quantity | null;
  readonly sizeNotional: Notional | null;
}): OrderSize {
  if (row.sizeKind === "base" && row.sizeQuantity !== null) return { kind: "base", quantity: row.sizeQuantity };
  if (row.sizeKind === "quote" && row.sizeNotional !== null) return { kind: "quote", notional: row.sizeNotional };
  throw databaseUnreadable(`Order ${row.key} is stored without its size.`);
}
