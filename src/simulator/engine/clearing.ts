import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { ZERO_QUANTITY, negate } from "../../core/domain/money.ts";
import type { AccountEvent, BalanceReason } from "./account-event.ts";
import { feeInMx, feeOf, lockFor } from "./fees.ts";
import { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";
import { paidAsset } from "./order-plan.ts";
import { OrderStore } from "./order-store.ts";
import type { AccountFill, CancelReason, ExchangeOrder, TapeTrade } from "./order.ts";
import { remainingOf } from "./order.ts";

export interface ClearingDependencies {
  readonly now: () => number;
  /** What one MX costs in an asset; undefined where nobody knows. */
  readonly mxPriceIn: (asset: string) => Price | undefined;
  /** Called once a command, with everything it did to accounts, before the caller of the command goes on. */
  readonly onAccountEvents: (events: readonly AccountEvent[]) => void;
}

/** One execution from the side of one of the two orders in it. */
export interface Settlement {
  readonly market: Market;
  readonly order: ExchangeOrder;
  readonly trade: TapeTrade;
  readonly notional: Notional;
  readonly isMaker: boolean;
  readonly isSelfTrade: boolean;
}

/** Keeps the books: balances, orders and fills of the accounts, and what their owners are told about them. */
export class Clearing {
  readonly ledger = new Ledger();
  readonly orders = new OrderStore();
  /** The accounts that pay their fees in MX. */
  readonly paysInMx = new Set<string>();
  readonly #deps: ClearingDependencies;
  #events: AccountEvent[] = [];

  constructor(deps: ClearingDependencies) {
    this.#deps = deps;
  }

  /** Files a new order and sets aside what it needs. */
  accept(market: Market, order: ExchangeOrder, needed: Quantity): void {
    order.locked = needed;
    this.orders.put(order);
    this.#noteOrder(order, undefined);
    this.change(order.apiKey, paidAsset(market.instrument, order.side), negate(needed), needed, "ENTRUST_PLACE");
  }

  /** Books one execution for one of its orders. */
  settle(settlement: Settlement): void {
    const { market, order, trade, notional, isMaker, isSelfTrade } = settlement;
    const { instrument } = market;
    const { price, quantity, time } = trade;
    const feeInQuote = feeOf(instrument, notional, isMaker);
    const mxFee = this.#mxFee(order.apiKey, instrument.quoteAsset, feeInQuote);
    order.executedQuantity = (order.executedQuantity + quantity) as Quantity;
    order.executedNotional = (order.executedNotional + notional) as Notional;
    order.updateTime = time;
    const isDone = order.quoteOrderQty === undefined && remainingOf(order) === 0n;
    order.status = isDone ? "FILLED" : "PARTIALLY_FILLED";
    const fill: AccountFill = {
      // The two sides of one execution are two fills, also when both belong to one account.
      tradeId: `${trade.tradeId}${isMaker ? "X2" : "X1"}`,
      orderId: order.orderId,
      clientOrderId: order.clientOrderId,
      apiKey: order.apiKey,
      symbol: order.symbol,
      side: order.side,
      price,
      quantity,
      notional,
      fee: mxFee ?? feeInQuote,
      feeAsset: mxFee === undefined ? instrument.quoteAsset : MX,
      isMaker,
      isSelfTrade,
      time,
    };
    this.orders.addFill(fill);
    this.orders.put(order);
    this.#pay(market, order, fill, mxFee === undefined ? feeInQuote : ZERO_QUANTITY);
    if (mxFee === undefined) return;
    this.change(order.apiKey, MX, negate(mxFee), 0n, "TRADE_FEE");
    this.ledger.creditHouse(MX, mxFee);
  }

  /** The order ends, filled or not, and what it still holds goes back. */
  close(market: Market, order: ExchangeOrder, reason: BalanceReason, cancelReason: CancelReason = null): void {
    const released = order.locked;
    const isFilled = order.executedQuantity === order.quantity && order.executedQuantity > 0n;
    const changes = order.status !== "FILLED";
    order.status = isFilled ? "FILLED" : order.executedQuantity > 0n ? "PARTIALLY_CANCELED" : "CANCELED";
    order.cancelReason = cancelReason;
    order.locked = ZERO_QUANTITY;
    order.updateTime = this.#deps.now();
    this.orders.put(order);
    if (changes || released > 0n) this.#noteOrder(order, undefined);
    if (released === 0n) return;
    this.change(order.apiKey, paidAsset(market.instrument, order.side), released, negate(released), reason);
  }

  change(account: string, asset: string, free: bigint, locked: bigint, reason: BalanceReason): void {
    const change = this.ledger.change(account, asset, free, locked);
    this.#events.push({ kind: "balance", change, reason, time: this.#deps.now() });
  }

  /** The command is over: its events leave together. */
  commit(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#deps.onAccountEvents(events);
  }

  #pay(market: Market, order: ExchangeOrder, fill: AccountFill, fee: Quantity): void {
    const { instrument } = market;
    const { notional, quantity } = fill;
    const before = order.locked;
    if (order.side === "BUY") {
      const cost = notional + fee;
      order.locked = order.type === "MARKET" ? ((before - cost) as Quantity) : lockFor(instrument, order);
      this.#noteFill(order, fill);
      this.change(order.apiKey, instrument.quoteAsset, before - order.locked - cost, order.locked - before, "ENTRUST");
      this.change(order.apiKey, instrument.baseAsset, quantity, 0n, "ENTRUST");
      this.ledger.creditHouse(instrument.quoteAsset, cost);
      this.ledger.creditHouse(instrument.baseAsset, negate(quantity));
    } else {
      order.locked = (before - quantity) as Quantity;
      this.#noteFill(order, fill);
      this.change(order.apiKey, instrument.baseAsset, 0n, negate(quantity), "ENTRUST");
      this.change(order.apiKey, instrument.quoteAsset, notional - fee, 0n, "ENTRUST");
      this.ledger.creditHouse(instrument.baseAsset, quantity);
      this.ledger.creditHouse(instrument.quoteAsset, fee - notional);
    }
  }

  /** The fee in MX for an account that wants it so and has enough; undefined where it stays in the quote asset. */
  #mxFee(account: string, quoteAsset: string, feeInQuote: Quantity): Quantity | undefined {
    if (feeInQuote === 0n || !this.paysInMx.has(account)) return undefined;
    const mxPrice = this.#deps.mxPriceIn(quoteAsset);
    const fee = mxPrice === undefined ? undefined : feeInMx(feeInQuote, mxPrice);
    return fee !== undefined && fee <= this.ledger.balance(account, MX).free ? fee : undefined;
  }

  #noteOrder(order: ExchangeOrder, lastFill: AccountFill | undefined): void {
    this.#events.push({ kind: "order", order: { ...order }, lastFill, time: this.#deps.now() });
  }

  #noteFill(order: ExchangeOrder, fill: AccountFill): void {
    this.#noteOrder(order, fill);
    this.#events.push({ kind: "fill", fill });
  }
}

const MX = "MX";
