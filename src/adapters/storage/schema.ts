import { isNotNull, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AuditType } from "../../core/domain/audit.ts";
import type { DomainEventType } from "../../core/domain/events.ts";
import type { ArchiveKind } from "../../core/domain/archive.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type {
  AccountId,
  Asset,
  ClientOrderId,
  MarketSymbol,
  OrderId,
  Timestamp,
  TradeId,
} from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import type { Order, OrderSize, OrderState, OrderType, Side } from "../../core/domain/order.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { HeldState } from "../../core/domain/trading-state.ts";
import type { TransferKind, TransferState } from "../../core/domain/transfer.ts";
import { money, syncColumns } from "./columns.ts";

/*
 * Every synced table has a text primary key of its own making and no autoincrement: two machines that write apart must
 * never meet under one key. `account_id` and `mode` stand on every row, so that demo and live can share a file and never
 * mix.
 */

function ownerColumns() {
  return {
    accountId: text("account_id").$type<AccountId>().notNull(),
    mode: text("mode").$type<Mode>().notNull(),
  };
}

function draftColumns() {
  return {
    symbol: text("symbol").$type<MarketSymbol>().notNull(),
    side: text("side").$type<Side>().notNull(),
    type: text("type").$type<OrderType>().notNull(),
    sizeKind: text("size_kind").$type<OrderSize["kind"]>().notNull(),
    /** Exactly one of these two, as `size_kind` says. */
    sizeQuantity: money<Quantity>("size_quantity"),
    sizeNotional: money<Notional>("size_notional"),
    limitPrice: money<Price>("limit_price"),
  };
}

/** Append-only: what we did and saw, in the order this device wrote it. */
export const journal = sqliteTable(
  "journal",
  {
    /** Account, device and sequence, so that the key's order is the journal's own: see `row-keys.ts`. */
    id: text("id").primaryKey(),
    ...ownerColumns(),
    deviceId: text("device_id").notNull(),
    /** Counts up by one for each account on each device. */
    sequence: integer("sequence").notNull(),
    at: integer("at").$type<Timestamp>().notNull(),
    type: text("type").$type<DomainEventType | AuditType>().notNull(),
    clientOrderId: text("client_order_id").$type<ClientOrderId>(),
    event: text("event").notNull(),
    /** Hash of the row and of its predecessor's chain: see `journal-chain.ts`. Every row has one. */
    chain: text("chain").notNull().default(""),
    ...syncColumns(),
  },
  (table) => [index("journal_order").on(table.accountId, table.clientOrderId).where(isNotNull(table.clientOrderId))],
);

/** Append-only: each order we were about to send, on disk before its first byte left. */
export const intents = sqliteTable("intents", {
  key: text("key").primaryKey(),
  ...ownerColumns(),
  clientOrderId: text("client_order_id").$type<ClientOrderId>().notNull(),
  ...draftColumns(),
  seenPrice: money<Price>("seen_price"),
  seenAt: integer("seen_at").$type<Timestamp>(),
  at: integer("at").$type<Timestamp>().notNull(),
  ...syncColumns(),
});

/** The latest known view of each order. */
export const orders = sqliteTable(
  "orders",
  {
    key: text("key").primaryKey(),
    ...ownerColumns(),
    clientOrderId: text("client_order_id").$type<ClientOrderId>().notNull(),
    orderId: text("order_id").$type<OrderId>(),
    ...draftColumns(),
    state: text("state").$type<OrderState>().notNull(),
    /** How much the view proves: see `order-merge.ts`. Stored so that a merge can be decided in SQL. */
    evidenceRank: integer("evidence_rank").notNull(),
    filledQuantity: money<Quantity>("filled_quantity").notNull(),
    filledNotional: money<Notional>("filled_notional").notNull(),
    reportedQuantity: money<Quantity>("reported_quantity").notNull(),
    reportedNotional: money<Notional>("reported_notional").notNull(),
    origin: text("origin").$type<Order["origin"]>().notNull(),
    createdAt: integer("created_at").$type<Timestamp>().notNull(),
    updatedAt: integer("updated_at").$type<Timestamp>().notNull(),
    cancelRequestedAt: integer("cancel_requested_at").$type<Timestamp>(),
    reasonCode: text("reason_code"),
    reasonMessage: text("reason_message"),
    ...syncColumns(),
  },
  (table) => [
    index("orders_created").on(table.accountId, table.createdAt),
    index("orders_order_id").on(table.accountId, table.orderId).where(isNotNull(table.orderId)),
    index("orders_state").on(table.accountId, table.state),
    index("orders_updated").on(table.accountId, table.updatedAt),
    index("orders_lacking_fills")
      .on(table.accountId)
      .where(sql`${table.reportedQuantity} <> ${table.filledQuantity}`),
  ],
);

/** Append-only: each execution once, by the exchange's trade id. */
export const fills = sqliteTable(
  "fills",
  {
    key: text("key").primaryKey(),
    ...ownerColumns(),
    tradeId: text("trade_id").$type<TradeId>().notNull(),
    orderId: text("order_id").$type<OrderId>().notNull(),
    clientOrderId: text("client_order_id").$type<ClientOrderId>(),
    symbol: text("symbol").$type<MarketSymbol>().notNull(),
    side: text("side").$type<Side>().notNull(),
    price: money<Price>("price").notNull(),
    quantity: money<Quantity>("quantity").notNull(),
    notional: money<Notional>("notional").notNull(),
    feeAsset: text("fee_asset").$type<Asset>().notNull(),
    feeQuantity: money<Quantity>("fee_quantity").notNull(),
    liquidity: text("liquidity").$type<Fill["liquidity"]>().notNull(),
    at: integer("at").$type<Timestamp>().notNull(),
    ...syncColumns(),
  },
  (table) => [
    index("fills_at").on(table.accountId, table.at),
    index("fills_symbol").on(table.accountId, table.symbol, table.at),
    index("fills_order_id").on(table.accountId, table.orderId),
  ],
);

/** Before protections there were stops, which only the demo armed. Nothing reads them; migrations only add. */
export const stops = sqliteTable("stops", {
  key: text("key").primaryKey(),
  ...ownerColumns(),
  protectionId: text("protection_id").notNull(),
  symbol: text("symbol").$type<MarketSymbol>().notNull(),
  quantity: money<Quantity>("quantity").notNull(),
  triggerPrice: money<Price>("trigger_price").notNull(),
  state: text("state").notNull(),
  exitOrderId: text("exit_order_id").$type<ClientOrderId>(),
  updatedAt: integer("updated_at").$type<Timestamp>().notNull(),
  ...syncColumns(),
});

/** Exits that live nowhere but here. The record is JSON: it is read whole, and its legs are never asked for in SQL. */
export const protections = sqliteTable(
  "protections",
  {
    key: text("key").primaryKey(),
    ...ownerColumns(),
    protectionId: text("protection_id").notNull(),
    symbol: text("symbol").$type<MarketSymbol>().notNull(),
    state: text("state").$type<Protection["state"]>().notNull(),
    version: integer("version").notNull(),
    record: text("record").notNull(),
    createdAt: integer("created_at").$type<Timestamp>().notNull(),
    updatedAt: integer("updated_at").$type<Timestamp>().notNull(),
    ...syncColumns(),
  },
  (table) => [index("protections_state").on(table.accountId, table.state)],
);

/** Whether each account may trade, as a person or a trip has set it; the key is the account. */
export const tradingStates = sqliteTable("trading_states", {
  key: text("key").primaryKey(),
  ...ownerColumns(),
  kind: text("kind").$type<HeldState["kind"]>().notNull(),
  reason: text("reason").notNull(),
  by: text("by").notNull(),
  /** The figures of a trip, as JSON. */
  evidence: text("evidence").notNull(),
  updatedAt: integer("updated_at").$type<Timestamp>().notNull(),
  ...syncColumns(),
});

/** Money that came to an account or left it without a trade, as the exchange lists it. */
export const transfers = sqliteTable(
  "transfers",
  {
    key: text("key").primaryKey(),
    ...ownerColumns(),
    transferId: text("transfer_id").notNull(),
    kind: text("kind").$type<TransferKind>().notNull(),
    asset: text("asset").$type<Asset>().notNull(),
    /** Into the account; negative out of it. */
    quantity: money<Quantity>("quantity").notNull(),
    state: text("state").$type<TransferState>().notNull(),
    at: integer("at").$type<Timestamp>().notNull(),
    pendingUntil: integer("pending_until").$type<Timestamp>(),
    /** What it was worth when it came to light: both or neither. */
    worth: money<Notional>("worth"),
    worthQuote: text("worth_quote").$type<Asset>(),
    ...syncColumns(),
  },
  (table) => [index("transfers_at").on(table.accountId, table.at)],
);

/** What each account was worth, every few minutes. */
export const equitySamples = sqliteTable(
  "equity_samples",
  {
    /** Names a stretch of time, so that two processes that sample the same account make one row of it. */
    key: text("key").primaryKey(),
    ...ownerColumns(),
    at: integer("at").$type<Timestamp>().notNull(),
    quote: text("quote").$type<Asset>().notNull(),
    known: money<Notional>("known").notNull(),
    /** JSON: what had no price, and why. */
    unknown: text("unknown").notNull(),
    /** JSON: what was held, where it differs from the row before. */
    totals: text("totals"),
    ...syncColumns(),
  },
  (table) => [index("equity_at").on(table.accountId, table.at)],
);

/** The person's own, whatever account they trade on: hence the one synced table without an owner. */
export const settings = sqliteTable("settings", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
  ...syncColumns(),
});

export type SyncedTable =
  | typeof journal
  | typeof intents
  | typeof orders
  | typeof fills
  | typeof protections
  | typeof tradingStates
  | typeof transfers
  | typeof equitySamples
  | typeof settings;

/**
 * Who may act on an account's protections from this machine. Local, never synced: its times are this machine's clock and
 * its pids are this machine's.
 */
export const guardLease = sqliteTable("guard_lease", {
  accountId: text("account_id").$type<AccountId>().primaryKey(),
  /** A name of the holding run; two runs of one process id differ in it. */
  holder: text("holder").notNull(),
  pid: integer("pid").notNull(),
  host: text("host").notNull(),
  /** Counts up with every change of the holder: the fence. */
  token: integer("token").notNull(),
  acquiredAt: integer("acquired_at").$type<Timestamp>().notNull(),
  heartbeatAt: integer("heartbeat_at").$type<Timestamp>().notNull(),
  /** 0 once released. */
  expiresAt: integer("expires_at").$type<Timestamp>().notNull(),
  /** JSON: what is watched and since when it was last seen, by symbol. */
  detail: text("detail").notNull(),
});

/** Of when everything that happened in a market is in this file: see `archive.ts`. Local, never synced. */
export const archiveRanges = sqliteTable(
  "archive_ranges",
  {
    accountId: text("account_id").$type<AccountId>().notNull(),
    symbol: text("symbol").$type<MarketSymbol>().notNull(),
    kind: text("kind").$type<ArchiveKind>().notNull(),
    from: integer("from_at").$type<Timestamp>().notNull(),
    until: integer("until_at").$type<Timestamp>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.symbol, table.kind, table.from] })],
);

/** The outbox: which rows changed since they were last pushed, and at which clock. Local, never synced. */
export const syncDirty = sqliteTable(
  "sync_dirty",
  {
    table: text("tbl").notNull(),
    key: text("pk").notNull(),
    hlc: text("hlc").notNull(),
  },
  (table) => [primaryKey({ columns: [table.table, table.key] })],
);

/** This device's id, its clock, and later its cursor. Local, never synced. */
export const syncState = sqliteTable("sync_state", {
  key: text("k").primaryKey(),
  value: text("v").notNull(),
});

/** Rows that lost against another under their key, or were not let in. Local, never synced; kept until a person looks. */
export const syncConflicts = sqliteTable("sync_conflicts", {
  id: text("id").primaryKey(),
  kind: text("kind").notNull(),
  table: text("tbl").notNull(),
  key: text("pk").notNull(),
  /** JSON: the row with its clock and hash. */
  row: text("row").notNull(),
  at: integer("at").$type<Timestamp>().notNull(),
});
