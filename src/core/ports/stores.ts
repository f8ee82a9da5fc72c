import type { ArchiveRange } from "../domain/archive.ts";
import type { Fill } from "../domain/fill.ts";
import type { AccountId, ClientOrderId, MarketSymbol, OrderId, Timestamp } from "../domain/identifiers.ts";
import type { Mode } from "../domain/mode.ts";
import type { Order } from "../domain/order.ts";
import type { Protection } from "../domain/protection.ts";
import type { StateRecord } from "../domain/trading-state.ts";

/** A stored order with the account it belongs to. */
export interface StoredOrder {
  readonly order: Order;
  readonly accountId: AccountId;
  readonly mode: Mode;
}

/** As much of an order as tells whether it is another by now. */
export type OrderHead = Pick<Order, "clientOrderId" | "state" | "updatedAt">;

/** Read access to what the journal's commits have written. Synchronous and local. */
export interface OrderStore {
  /** Orders of this account, newest first. */
  list(filter: {
    readonly symbol?: MarketSymbol;
    readonly working?: boolean;
    readonly limit?: number;
  }): readonly Order[];
  find(key: { readonly clientOrderId: ClientOrderId } | { readonly orderId: OrderId }): Order | undefined;
  /** What a running program has to hold: all that may trade or lacks fills, and the latest changed of the others. */
  listForMemory(endedLimit: number): readonly Order[];
  /** What may still trade, and what has changed since: enough to tell which rows differ from what is held of them. */
  heads(since: Timestamp): readonly OrderHead[];
  /** The markets in which an order changed or was filled since. */
  symbolsSince(since: Timestamp): ReadonlySet<MarketSymbol>;
}

export interface FillStore {
  /** Fills of this account, newest first. */
  list(filter: {
    readonly orderId?: OrderId;
    readonly symbol?: MarketSymbol;
    readonly since?: Timestamp;
    readonly limit?: number;
  }): readonly Fill[];
  ofOrders(orderIds: readonly OrderId[]): readonly Fill[];
  has(fill: Pick<Fill, "symbol" | "tradeId">): boolean;
}

export interface ProtectionStore {
  /** Protections of this account, oldest first. */
  list(filter: { readonly armed?: boolean }): readonly Protection[];
  find(protectionId: string): Protection | undefined;
}

/** The account's trading state as whichever process set it last. */
export interface TradingStateStore {
  read(): StateRecord;
}

/** What of the account's past is whole in this database. Of this file alone, never synced. */
export interface ArchiveStore {
  ranges(): readonly ArchiveRange[];
  /**
   * Joins a range to those it touches. Only once all that happened in it is on disk.
   * @throws AppError STORAGE_FAILED
   */
  note(range: ArchiveRange): void;
}

/** Small values that outlive a session, by key: layout, last symbol. What is of one account names it in the key. */
export interface SettingStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}
