import type { Fill } from "../domain/fill.ts";
import type { AccountId, ClientOrderId, MarketSymbol, OrderId } from "../domain/identifiers.ts";
import type { Mode } from "../domain/mode.ts";
import type { Order } from "../domain/order.ts";
import type { StopRecord } from "../domain/trading-ledger.ts";

/** A stored order with the account it belongs to. */
export interface StoredOrder {
  readonly order: Order;
  readonly accountId: AccountId;
  readonly mode: Mode;
}

/** Read access to what the journal's commits have written. Synchronous and local. */
export interface OrderStore {
  /** Orders of this account, newest first. */
  list(filter: {
    readonly symbol?: MarketSymbol;
    readonly working?: boolean;
    readonly limit?: number;
  }): readonly Order[];
  find(key: { readonly clientOrderId: ClientOrderId } | { readonly orderId: OrderId }): Order | undefined;
}

export interface FillStore {
  /** Fills of this account, newest first. */
  list(filter: {
    readonly orderId?: OrderId;
    readonly symbol?: MarketSymbol;
    readonly limit?: number;
  }): readonly Fill[];
}

export interface StopStore {
  list(): readonly StopRecord[];
}

/** Small values that outlive a session, by key: layout, last symbol. What is of one account names it in the key. */
export interface SettingStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}
