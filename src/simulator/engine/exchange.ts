import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { ZERO_PRICE, ZERO_QUANTITY, averagePrice, negate, notionalOf } from "../../core/domain/money.ts";
import { checkFunds, checkOrder, checkPosition } from "../filters.ts";
import { Switches } from "../switches.ts";
import type { AccountEvent } from "./account-event.ts";
import { Clearing } from "./clearing.ts";
import type { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";
import type { Execution, MatchPlan, Prevention } from "./matching.ts";
import { crosses, planExecutions } from "./matching.ts";
import type { RestingOrder } from "./order-book.ts";
import { draftOrder, fundsFor, paidAsset, planOrder } from "./order-plan.ts";
import type { OrderStore } from "./order-store.ts";
import type { CancelReason, ExchangeOrder, OrderRequest, Side, TapeTrade } from "./order.ts";
import { isOpen, oppositeOf, remainingOf } from "./order.ts";
import { Refusal, invalidSymbol } from "./refusal.ts";
import type { IdSequence } from "./sequence.ts";
import { StrategyGroups } from "./strategy-groups.ts";
import type { Conversion } from "./wallet-journal.ts";
import { WalletJournal, futuresOf } from "./wallet-journal.ts";

export interface ExchangeDependencies {
  readonly markets: readonly Market[];
  readonly now: () => number;
  readonly ids: IdSequence;
  /** The usual readings unless given. */
  readonly switches?: Switches | undefined;
  readonly onTrade: (market: Market, trade: TapeTrade) => void;
  /** Called once a command, with everything it did to accounts, before the caller of the command goes on. */
  readonly onAccountEvents: (events: readonly AccountEvent[]) => void;
}

interface AcceptedPlan {
  readonly market: Market;
  readonly order: ExchangeOrder;
  readonly match: MatchPlan;
  readonly needed: Quantity;
}

/** The exchange: accounts trade with one another and with the house, whose makers and takers have no balance. */
export class Exchange {
  readonly groups = new StrategyGroups();
  readonly wallet = new WalletJournal();
  /** Dust turned into MX since the exchange opened, oldest first. */
  readonly conversions: Conversion[] = [];
  readonly clearing: Clearing;
  readonly #switches: Switches;
  readonly #markets: Map<string, Market>;
  readonly #deps: ExchangeDependencies;
  readonly #resting = new Map<string, RestingOrder>();

  constructor(deps: ExchangeDependencies) {
    this.#deps = deps;
    this.#switches = deps.switches ?? new Switches();
    this.clearing = new Clearing({
      now: deps.now,
      mxPriceIn: (asset) => this.#mxPriceIn(asset),
      onAccountEvents: (events) => {
        this.wallet.apply(events);
        deps.onAccountEvents(events);
      },
    });
    this.#markets = new Map(deps.markets.map((market) => [market.symbol, market]));
  }

  /** A market that was not there when the exchange opened. @throws Refusal when the symbol is taken */
  addMarket(market: Market): void {
    if (this.#markets.has(market.symbol)) throw new Refusal(400, `${market.symbol} is listed already`);
    this.#markets.set(market.symbol, market);
  }

  get ledger(): Ledger {
    return this.clearing.ledger;
  }

  get orders(): OrderStore {
    return this.clearing.orders;
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
    this.clearing.change(apiKey, asset, amount, 0n, "DEPOSIT");
    this.clearing.commit();
  }

  /** What the owner of an account takes out on the exchange's own site. @throws Refusal 10101 when there is too little */
  withdrawByHand(account: string, asset: string, amount: Quantity): void {
    if (amount > this.ledger.balance(account, asset).free) throw new Refusal(10101, "Insufficient balance");
    this.clearing.change(account, asset, negate(amount), 0n, "WITHDRAW");
    this.clearing.commit();
  }

  /** Between the spot and the futures wallet. @returns an id. @throws Refusal 10101 when there is too little */
  transfer(account: string, asset: string, amount: Quantity, way: "in" | "out"): string {
    const futures = futuresOf(account);
    const [payer, payee] = way === "out" ? [account, futures] : [futures, account];
    if (amount > this.ledger.balance(payer, asset).free) throw new Refusal(10101, "Insufficient balance");
    this.clearing.change(payer, asset, negate(amount), 0n, "CONTRACT_TRANSFER");
    this.clearing.change(payee, asset, amount, 0n, "CONTRACT_TRANSFER");
    this.clearing.commit();
    return this.wallet.of(account, "transfer")[0]?.id ?? "";
  }

  /** The house takes an asset and gives MX for it. */
  convert(account: string, asset: string, amount: Quantity, mx: Quantity): void {
    this.conversions.push({ account, asset, amount, mx, time: this.#deps.now() });
    this.clearing.change(account, asset, negate(amount), 0n, "ENTRUST");
    this.clearing.change(account, "MX", mx, 0n, "ENTRUST");
    this.ledger.creditHouse(asset, amount);
    this.ledger.creditHouse("MX", negate(mx));
    this.clearing.commit();
  }

  /** All checks of a placement without the placement. @throws Refusal */
  test(apiKey: string, request: OrderRequest): void {
    this.#plan(apiKey, request, "");
  }

  /** @returns the order as it stands after matching. @throws Refusal when it is not accepted */
  place(apiKey: string, request: OrderRequest): ExchangeOrder {
    const { market, order, match, needed } = this.#plan(apiKey, request, undefined);
    this.clearing.accept(market, order, needed);
    this.#match(market, order, match);
    this.clearing.commit();
    return order;
  }

  /** @returns a copy of the order as it was before. @throws Refusal -2011 when it is not open */
  cancel(order: ExchangeOrder): ExchangeOrder {
    const resting = this.#resting.get(order.orderId);
    if (!isOpen(order.status) || resting === undefined) throw new Refusal(-2011, "Unknown order sent.");
    const before = { ...order };
    const market = this.market(order.symbol);
    this.#withdraw(market, resting, order, null);
    this.clearing.commit();
    return before;
  }

  /** Cancels what accounts have open in a market, and takes the house's orders out of its book. */
  cancelMarket(market: Market): void {
    for (const side of ["BUY", "SELL"] as const) {
      for (const resting of market.book.orders(side)) {
        if (resting.owner === undefined) market.book.remove(resting);
        else this.#withdraw(market, resting, resting.owner, null);
      }
    }
    this.clearing.commit();
  }

  /** Puts a stored open order back in the book; what crosses by now is matched first. */
  resume(order: ExchangeOrder): void {
    const market = this.market(order.symbol);
    // Once it stood, a LIMIT_MAKER trades like any other order.
    const standing: ExchangeOrder = { ...order, type: "LIMIT" };
    this.#match(market, order, planOrder(market, standing, this.#preventionFor(order)));
    this.clearing.commit();
  }

  /** A taker of the house. @returns the base it got */
  takeAsHouse(market: Market, side: Side, quantity: Quantity, limit: Price | undefined): Quantity {
    const { stepSize } = market.instrument;
    const executions = planExecutions(market.book, { side, limit, quantity, budget: undefined, stepSize });
    this.#execute(market, undefined, side, executions);
    this.clearing.commit();
    return executions.reduce((sum, execution) => sum + execution.quantity, 0n) as Quantity;
  }

  /** A maker of the house. What would trade at once trades; the rest stands in the book. */
  restAsHouse(market: Market, side: Side, price: Price, quantity: Quantity): RestingOrder {
    const taken = crosses(market.book, side, price) ? this.takeAsHouse(market, side, quantity, price) : ZERO_QUANTITY;
    const resting = { side, price, remaining: (quantity - taken) as Quantity, owner: undefined };
    if (resting.remaining > 0n) market.book.add(resting, this.#deps.now());
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
    market.book.add(maker, this.#deps.now());
    market.book.remove(maker);
    market.print(trade);
    this.#deps.onTrade(market, trade);
    this.clearing.commit();
  }

  #plan(apiKey: string, request: OrderRequest, testId: string | undefined): AcceptedPlan {
    const known = this.#markets.get(request.symbol);
    if (known?.instrument.assessmentAccounts?.has(apiKey) === false) throw new Refusal(10007, "symbol not support api");
    const instrument = checkOrder(request, {
      instrument: known?.instrument,
      lastPrice: known?.lastPrice ?? ZERO_PRICE,
      openOrders: this.orders.openCount(apiKey),
      now: this.#deps.now(),
      switches: this.#switches,
    });
    const market = this.market(instrument.symbol);
    this.#checkClientId(apiKey, request.clientOrderId);
    const draft = draftOrder(market, apiKey, request, this.#switches.get("market-by-quote"), this.#deps.now());
    const match = planOrder(market, draft, this.#preventionFor(draft));
    checkOpponents(market, draft, match);
    const needed = fundsFor(instrument, draft, match.executions);
    const { free } = this.ledger.balance(apiKey, paidAsset(instrument, draft.side));
    checkFunds(draft.side, needed, free, this.#switches);
    const held = this.ledger.balance(apiKey, instrument.baseAsset);
    checkPosition(instrument, draft.side, (held.free + held.locked) as Quantity, draft.quantity);
    // The id is drawn last, so that neither refusals nor tests use one up.
    return { market, order: { ...draft, orderId: testId ?? this.#deps.ids.nextOrderId() }, match, needed };
  }

  #checkClientId(apiKey: string, clientOrderId: string | undefined): void {
    const reading = this.#switches.get("duplicate-client-ids");
    if (clientOrderId === undefined || reading === "accept") return;
    const isTaken =
      reading === "refuse-all"
        ? this.orders.hasClientId(apiKey, clientOrderId)
        : this.orders.hasOpenClientId(apiKey, clientOrderId);
    if (isTaken) throw new Refusal(400, "Duplicate client order id");
  }

  /** Holds where the order asks for it and its account is in a group. */
  #preventionFor({ apiKey, stpMode }: ExchangeOrder): Prevention | undefined {
    if (stpMode === "") return undefined;
    return {
      mode: stpMode,
      isBarred: ({ owner }) => owner !== undefined && this.groups.areTogether(apiKey, owner.apiKey),
    };
  }

  /** Orders give way, executions happen, and what is left rests or ends. */
  #match(market: Market, order: ExchangeOrder, match: MatchPlan): void {
    for (const resting of match.cancelled) {
      if (resting.owner !== undefined) this.#withdraw(market, resting, resting.owner, "stp_cancel");
    }
    this.#execute(market, order, order.side, match.executions);
    this.#finish(market, order, match.isStopped);
  }

  #withdraw(market: Market, resting: RestingOrder, order: ExchangeOrder, reason: CancelReason): void {
    market.book.remove(resting);
    this.#resting.delete(order.orderId);
    this.clearing.close(market, order, "ENTRUST_CANCEL", reason);
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
      const terms = { market, trade, notional: execution.notional, isSelfTrade };
      if (taker !== undefined) this.clearing.settle({ ...terms, order: taker, isMaker: false });
      if (maker.owner === undefined) continue;
      this.clearing.settle({ ...terms, order: maker.owner, isMaker: true });
      if (!isOpen(maker.owner.status)) this.#resting.delete(maker.owner.orderId);
    }
  }

  /** What happens to an order once its first matching is over. */
  #finish(market: Market, order: ExchangeOrder, isStopped: boolean): void {
    const mayRest = order.type === "LIMIT" || order.type === "LIMIT_MAKER";
    if (order.quoteOrderQty !== undefined) {
      order.quantity = order.executedQuantity;
      this.clearing.close(market, order, "ENTRUST_UNFROZEN", isStopped ? "stp_cancel" : null);
    } else if (remainingOf(order) === 0n) {
      if (order.locked > 0n) this.clearing.close(market, order, "ENTRUST_UNFROZEN");
    } else if (isStopped) {
      this.clearing.close(market, order, "ENTRUST_CANCEL", "stp_cancel");
    } else if (mayRest && !(order.type === "LIMIT_MAKER" && crosses(market.book, order.side, order.price))) {
      this.#rest(market, order);
    } else {
      this.clearing.close(market, order, "ENTRUST_CANCEL");
    }
  }

  #rest(market: Market, order: ExchangeOrder): void {
    const resting = { side: order.side, price: order.price, remaining: remainingOf(order), owner: order };
    this.#resting.set(order.orderId, resting);
    market.book.add(resting, order.time);
  }

  /** What one MX costs in an asset, across USDT where there is no market between the two. */
  #mxPriceIn(asset: string): Price | undefined {
    const direct = this.#markets.get(`MX${asset}`);
    if (direct !== undefined) return direct.lastPrice;
    const inUsdt = this.#markets.get("MXUSDT")?.lastPrice;
    const assetInUsdt = this.#markets.get(`${asset}USDT`)?.lastPrice;
    if (inUsdt === undefined || assetInUsdt === undefined) return undefined;
    return averagePrice(inUsdt as bigint as Notional, assetInUsdt as bigint as Quantity, "half-even");
  }
}

/** Nobody to trade with, for an order that does not wait. @throws Refusal 30025 */
function checkOpponents(market: Market, order: ExchangeOrder, match: MatchPlan): void {
  const isNobodyThere = market.book.best(oppositeOf(order.side)) === undefined;
  const isBarred = match.isStopped || match.cancelled.length > 0;
  const isLost =
    order.type === "MARKET"
      ? match.executions.length === 0 && !isBarred
      : order.type === "IMMEDIATE_OR_CANCEL" && isNobodyThere;
  if (isLost) throw new Refusal(30025, "No opponent order");
}

function executionOf(maker: RestingOrder, quantity: Quantity): Execution {
  return { maker, price: maker.price, quantity, notional: notionalOf(maker.price, quantity, "half-even") };
}
