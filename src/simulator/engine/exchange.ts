import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { ZERO_PRICE, ZERO_QUANTITY, negate, notionalOf } from "../../core/domain/money.ts";
import { checkFunds, checkOrder } from "../filters.ts";
import type { AccountEvent, BalanceReason } from "./account-event.ts";
import { feeOf, lockFor } from "./fees.ts";
import { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";
import type { Execution } from "./matching.ts";
import { crosses, planExecutions } from "./matching.ts";
import type { RestingOrder } from "./order-book.ts";
import { draftOrder, fundsFor, paidAsset, planOrder } from "./order-plan.ts";
import { OrderStore } from "./order-store.ts";
import type { AccountFill, ExchangeOrder, OrderRequest, Side, TapeTrade } from "./order.ts";
import { isOpen, oppositeOf, remainingOf } from "./order.ts";
import { Refusal, invalidSymbol } from "./refusal.ts";
import type { IdSequence } from "./sequence.ts";

export interface ExchangeDependencies {
  readonly markets: readonly Market[];
  readonly now: () => number;
  readonly ids: IdSequence;
  readonly onTrade: (market: Market, trade: TapeTrade) => void;
  /** Called once a command, with everything it did to accounts, before the caller of the command goes on. */
  readonly onAccountEvents: (events: readonly AccountEvent[]) => void;
}

interface AcceptedPlan {
  readonly market: Market;
  readonly order: ExchangeOrder;
  readonly executions: readonly Execution[];
  readonly needed: Quantity;
}

/** The exchange: accounts trade with one another and with the house, whose makers and takers have no balance. */
export class Exchange {
  readonly ledger = new Ledger();
  readonly orders = new OrderStore();
  readonly #markets: Map<string, Market>;
  readonly #deps: ExchangeDependencies;
  readonly #resting = new Map<string, RestingOrder>();
  #events: AccountEvent[] = [];

  constructor(deps: ExchangeDependencies) {
    this.#deps = deps;
    this.#markets = new Map(deps.markets.map((market) => [market.symbol, market]));
  }

  /** A market that was not there when the exchange opened. @throws Refusal when the symbol is taken */
  addMarket(market: Market): void {
    if (this.#markets.has(market.symbol)) throw new Refusal(400, `${market.symbol} is listed already`);
    this.#markets.set(market.symbol, market);
  }

  get markets(): ReadonlyMap<string, Market> {
    return this.#markets;
  }

  /** @throws Refusal -1121 */
  market(symbol: string): Market {
    const market = this.#markets.get(symbol);
    if (market === undefined) throw invalidSymbol();
    return market;
  }

  deposit(apiKey: string, asset: string, amount: Quantity): void {
    this.#change(apiKey, asset, amount, 0n, "DEPOSIT");
    this.#commit();
  }

  /** All checks of a placement without the placement. @throws Refusal */
  test(apiKey: string, request: OrderRequest): void {
    this.#plan(apiKey, request, "");
  }

  /** @returns the order as it stands after matching. @throws Refusal when it is not accepted */
  place(apiKey: string, request: OrderRequest): ExchangeOrder {
    const { market, order, executions, needed } = this.#plan(apiKey, request, undefined);
    order.locked = needed;
    this.orders.put(order);
    this.#noteOrder(order, undefined);
    this.#change(apiKey, paidAsset(market.instrument, order.side), negate(needed), needed, "ENTRUST_PLACE");
    this.#execute(market, order, order.side, executions);
    this.#finish(market, order);
    this.#commit();
    return order;
  }

  /** @returns a copy of the order as it was before. @throws Refusal -2011 when it is not open */
  cancel(order: ExchangeOrder): ExchangeOrder {
    const resting = this.#resting.get(order.orderId);
    if (!isOpen(order.status) || resting === undefined) throw new Refusal(-2011, "Unknown order sent.");
    const before = { ...order };
    const market = this.market(order.symbol);
    market.book.remove(resting);
    this.#close(market, order, "ENTRUST_CANCEL");
    this.#commit();
    return before;
  }

  /** Puts a stored open order back in the book; what crosses by now is matched first. */
  resume(order: ExchangeOrder): void {
    const market = this.market(order.symbol);
    this.#execute(market, order, order.side, planOrder(market, order));
    if (remainingOf(order) > 0n) this.#rest(market, order);
    else this.#close(market, order, "ENTRUST_UNFROZEN");
    this.#commit();
  }

  /** A taker of the house. @returns the base it got */
  takeAsHouse(market: Market, side: Side, quantity: Quantity, limit: Price | undefined): Quantity {
    const { stepSize } = market.instrument;
    const executions = planExecutions(market.book, { side, limit, quantity, budget: undefined, stepSize });
    this.#execute(market, undefined, side, executions);
    this.#commit();
    return executions.reduce((sum, execution) => sum + execution.quantity, 0n) as Quantity;
  }

  /** A maker of the house. What would trade at once trades; the rest stands in the book. */
  restAsHouse(market: Market, side: Side, price: Price, quantity: Quantity): RestingOrder {
    const taken = crosses(market.book, side, price) ? this.takeAsHouse(market, side, quantity, price) : ZERO_QUANTITY;
    const resting = { side, price, remaining: (quantity - taken) as Quantity, owner: undefined };
    if (resting.remaining > 0n) market.book.add(resting);
    return resting;
  }

  /**
   * Executes one trade of a recording exactly as it stands: a maker of the house stands at its price with its quantity
   * and is taken. Accounts that stand better are filled on the side, unprinted, and so are those at the same price up
   * to the quantity traded.
   */
  printRecorded(market: Market, trade: TapeTrade): void {
    const makerSide = oppositeOf(trade.takerSide);
    for (const level of market.book.top(makerSide, Number.MAX_SAFE_INTEGER)) {
      const isBetter = makerSide === "BUY" ? level.price > trade.price : level.price < trade.price;
      if (!isBetter && level.price !== trade.price) break;
      let left = trade.quantity;
      for (const maker of level.queue.filter((one) => one.owner !== undefined)) {
        const quantity = isBetter || maker.remaining < left ? maker.remaining : left;
        if (quantity === 0n) break;
        left = (left - quantity) as Quantity;
        this.#execute(market, undefined, trade.takerSide, [executionOf(maker, quantity)]);
      }
    }
    const maker = { side: makerSide, price: trade.price, remaining: trade.quantity, owner: undefined };
    market.book.add(maker);
    market.book.remove(maker);
    market.print(trade);
    this.#deps.onTrade(market, trade);
    this.#commit();
  }

  #plan(apiKey: string, request: OrderRequest, testId: string | undefined): AcceptedPlan {
    const known = this.#markets.get(request.symbol);
    const instrument = checkOrder(request, {
      instrument: known?.instrument,
      lastPrice: known?.lastPrice ?? ZERO_PRICE,
      openOrders: this.orders.openCount(apiKey),
    });
    const market = this.market(instrument.symbol);
    if (request.clientOrderId !== undefined && this.orders.hasOpenClientId(apiKey, request.clientOrderId)) {
      throw new Refusal(400, "Duplicate client order id");
    }
    const draft = draftOrder(market, apiKey, request, this.#deps.now());
    const executions = planOrder(market, draft);
    if (draft.type === "MARKET" && executions.length === 0) throw new Refusal(30025, "No opponent order");
    const needed = fundsFor(instrument, draft, executions);
    checkFunds(draft.side, needed, this.ledger.balance(apiKey, paidAsset(instrument, draft.side)).free);
    // The id is drawn last, so that neither refusals nor tests use one up.
    return { market, order: { ...draft, orderId: testId ?? this.#deps.ids.nextOrderId() }, executions, needed };
  }

  #execute(market: Market, taker: ExchangeOrder | undefined, side: Side, executions: readonly Execution[]): void {
    for (const execution of executions) {
      const { maker, price, quantity } = execution;
      const trade = {
        tradeId: this.#deps.ids.nextTradeId(),
        price,
        quantity,
        takerSide: side,
        time: this.#deps.now(),
      };
      market.book.reduce(maker, quantity);
      if (!market.tapeIsRecorded) {
        market.print(trade);
        this.#deps.onTrade(market, trade);
      }
      const isSelfTrade = taker !== undefined && maker.owner?.apiKey === taker.apiKey;
      if (taker !== undefined) this.#settle(market, taker, trade, execution.notional, false, isSelfTrade);
      if (maker.owner !== undefined) this.#settle(market, maker.owner, trade, execution.notional, true, isSelfTrade);
    }
  }

  #settle(
    market: Market,
    order: ExchangeOrder,
    trade: TapeTrade,
    notional: Notional,
    isMaker: boolean,
    isSelfTrade: boolean,
  ): void {
    const { instrument } = market;
    const fee = feeOf(instrument, notional, isMaker);
    const { price, quantity, time } = trade;
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
      fee,
      feeAsset: instrument.quoteAsset,
      isMaker,
      isSelfTrade,
      time,
    };
    this.orders.addFill(fill);
    this.orders.put(order);
    if (isDone) this.#resting.delete(order.orderId);
    const before = order.locked;
    if (order.side === "BUY") {
      const cost = notional + fee;
      order.locked = order.type === "MARKET" ? ((before - cost) as Quantity) : lockFor(instrument, order);
      this.#noteFill(order, fill);
      this.#change(order.apiKey, instrument.quoteAsset, before - order.locked - cost, order.locked - before, "ENTRUST");
      this.#change(order.apiKey, instrument.baseAsset, quantity, 0n, "ENTRUST");
      this.ledger.creditHouse(instrument.quoteAsset, cost);
      this.ledger.creditHouse(instrument.baseAsset, negate(quantity));
    } else {
      order.locked = (before - quantity) as Quantity;
      this.#noteFill(order, fill);
      this.#change(order.apiKey, instrument.baseAsset, 0n, negate(quantity), "ENTRUST");
      this.#change(order.apiKey, instrument.quoteAsset, notional - fee, 0n, "ENTRUST");
      this.ledger.creditHouse(instrument.baseAsset, quantity);
      this.ledger.creditHouse(instrument.quoteAsset, fee - notional);
    }
  }

  /** What happens to an order once its first matching is over. */
  #finish(market: Market, order: ExchangeOrder): void {
    if (order.quoteOrderQty !== undefined) {
      order.quantity = order.executedQuantity;
      this.#close(market, order, "ENTRUST_UNFROZEN");
    } else if (remainingOf(order) === 0n) {
      if (order.locked > 0n) this.#close(market, order, "ENTRUST_UNFROZEN");
    } else if (order.type === "LIMIT" || order.type === "LIMIT_MAKER") {
      const wouldTake = order.type === "LIMIT_MAKER" && crosses(market.book, order.side, order.price);
      if (wouldTake) this.#close(market, order, "ENTRUST_CANCEL");
      else this.#rest(market, order);
    } else {
      this.#close(market, order, "ENTRUST_CANCEL");
    }
  }

  #rest(market: Market, order: ExchangeOrder): void {
    const resting = { side: order.side, price: order.price, remaining: remainingOf(order), owner: order };
    this.#resting.set(order.orderId, resting);
    market.book.add(resting);
  }

  /** The order ends, filled or not, and what it still holds goes back. */
  #close(market: Market, order: ExchangeOrder, reason: BalanceReason): void {
    this.#resting.delete(order.orderId);
    const released = order.locked;
    const isFilled = order.executedQuantity === order.quantity && order.executedQuantity > 0n;
    const changes = order.status !== "FILLED";
    order.status = isFilled ? "FILLED" : order.executedQuantity > 0n ? "PARTIALLY_CANCELED" : "CANCELED";
    order.locked = ZERO_QUANTITY;
    order.updateTime = this.#deps.now();
    this.orders.put(order);
    if (changes || released > 0n) this.#noteOrder(order, undefined);
    if (released === 0n) return;
    this.#change(order.apiKey, paidAsset(market.instrument, order.side), released, negate(released), reason);
  }

  #change(apiKey: string, asset: string, free: bigint, locked: bigint, reason: BalanceReason): void {
    const change = this.ledger.change(apiKey, asset, free, locked);
    this.#events.push({ kind: "balance", change, reason, time: this.#deps.now() });
  }

  #noteOrder(order: ExchangeOrder, lastFill: AccountFill | undefined): void {
    this.#events.push({ kind: "order", order: { ...order }, lastFill, time: this.#deps.now() });
  }

  #noteFill(order: ExchangeOrder, fill: AccountFill): void {
    this.#noteOrder(order, fill);
    this.#events.push({ kind: "fill", fill });
  }

  #commit(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#deps.onAccountEvents(events);
  }
}

function executionOf(maker: RestingOrder, quantity: Quantity): Execution {
  return { maker, price: maker.price, quantity, notional: notionalOf(maker.price, quantity, "half-even") };
}
