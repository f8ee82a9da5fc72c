import type { AccountFill, ExchangeOrder } from "./order.ts";
import { isOpen } from "./order.ts";

interface AccountOrders {
  readonly byId: Map<string, ExchangeOrder>;
  readonly open: Map<string, ExchangeOrder>;
  readonly byClientId: Map<string, ExchangeOrder>;
  readonly fills: AccountFill[];
}

/** Orders and fills of all accounts, with the look-ups the endpoints need. */
export class OrderStore {
  readonly #accounts = new Map<string, AccountOrders>();

  /** Files an order, or refiles it after it changed. */
  put(order: ExchangeOrder): void {
    const account = this.#account(order.apiKey);
    account.byId.set(order.orderId, order);
    if (order.clientOrderId !== null) account.byClientId.set(order.clientOrderId, order);
    if (isOpen(order.status)) account.open.set(order.orderId, order);
    else account.open.delete(order.orderId);
  }

  addFill(fill: AccountFill): void {
    this.#account(fill.apiKey).fills.push(fill);
  }

  find(apiKey: string, symbol: string, orderId: string | undefined, clientOrderId: string | undefined) {
    const account = this.#account(apiKey);
    const found = orderId === undefined ? account.byClientId.get(clientOrderId ?? "") : account.byId.get(orderId);
    return found?.symbol === symbol ? found : undefined;
  }

  hasOpenClientId(apiKey: string, clientOrderId: string): boolean {
    const order = this.#account(apiKey).byClientId.get(clientOrderId);
    return order !== undefined && isOpen(order.status);
  }

  hasClientId(apiKey: string, clientOrderId: string): boolean {
    return this.#account(apiKey).byClientId.has(clientOrderId);
  }

  openOrders(apiKey: string): readonly ExchangeOrder[] {
    return [...this.#account(apiKey).open.values()];
  }

  openCount(apiKey: string): number {
    return this.#account(apiKey).open.size;
  }

  /** In the order they were accepted. */
  orders(apiKey: string): readonly ExchangeOrder[] {
    return [...this.#account(apiKey).byId.values()];
  }

  /** In the order they happened. */
  fills(apiKey: string): readonly AccountFill[] {
    return this.#account(apiKey).fills;
  }

  #account(apiKey: string): AccountOrders {
    let account = this.#accounts.get(apiKey);
    if (account === undefined) {
      account = { byId: new Map(), open: new Map(), byClientId: new Map(), fills: [] };
      this.#accounts.set(apiKey, account);
    }
    return account;
  }
}
