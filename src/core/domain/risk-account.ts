import type { Balance } from "./balance.ts";
import { totalOf } from "./balance.ts";
import type { Fill } from "./fill.ts";
import type { Asset, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { add, maximum, notionalOf, subtract, ZERO_NOTIONAL, ZERO_QUANTITY } from "./money.ts";
import type { Order } from "./order.ts";
import { isWorking } from "./order.ts";
import { missingFills } from "./order-execution.ts";
import type { TradingLedger } from "./trading-ledger.ts";

/** A market and its newest price; without one nobody can say what the base is worth. */
export interface PricedMarket {
  readonly instrument: Pick<Instrument, "symbol" | "base" | "quote">;
  readonly price: Price | undefined;
}

/** Base that was bought; before any charge. */
export interface Purchase {
  readonly symbol: MarketSymbol;
  readonly quantity: Quantity;
  /** By the exchange's clock, like the times of balances; undefined while its fills are still to be read. */
  readonly at: Fill["at"] | undefined;
}

/** What the rules may know of the account. What is not known is undefined, never zero or empty. */
export interface RiskAccount {
  /** Whatever may still trade: foreign orders and orders of unknown outcome are among them. */
  readonly workingOrders: readonly Order[];
  /** When our own orders of the last minute were intended. */
  readonly intendedAt: readonly Timestamp[];
  readonly balances: ReadonlyMap<Asset, Balance> | undefined;
  /** What was bought, and may not be in the balances yet: a push of a balance can be late, or lost. */
  readonly purchases: readonly Purchase[];
  /** Every market there is. */
  readonly markets: readonly PricedMarket[] | undefined;
}

/** A sum of money, or what of it nobody knows. */
export type Worth =
  { readonly kind: "known"; readonly notional: Notional } | { readonly kind: "unknown"; readonly what: string };

/** How far back the order rate looks, ms. */
export const RATE_WINDOW_MS = 60_000;

/** Balances are read at least this often, ms: each reconcile does, and trading stops when they fail for long. */
export const LONGEST_UNTOLD_MS = 300_000;

/** The account as a ledger holds it. Before the first reconcile its balances say nothing. */
export function riskAccountOf(
  ledger: Pick<TradingLedger, "orders" | "fills" | "balances" | "lock">,
  now: Timestamp,
  markets: readonly PricedMarket[] | undefined,
): RiskAccount {
  const { balances } = ledger;
  let oldest = now;
  for (const { at } of balances.values()) oldest = Math.min(oldest, at);
  // One pass and no copies: every order waits for it.
  const workingOrders: Order[] = [];
  const intendedAt: Timestamp[] = [];
  const purchases: Purchase[] = [];
  for (const fill of ledger.fills.values()) if (fill.side === "buy" && fill.at > oldest) purchases.push(fill);
  for (const order of ledger.orders.values()) {
    if (isWorking(order)) workingOrders.push(order);
    if (order.origin === "own" && order.createdAt > now - RATE_WINDOW_MS) intendedAt.push(order.createdAt);
    if (isJustBought(order, now)) purchases.push(unreadPurchase(order));
  }
  return { workingOrders, intendedAt, balances: ledger.lock === undefined ? balances : undefined, purchases, markets };
}

/** Ended, and not with all its fills read; a balance told so long after has it. */
function isJustBought(order: Order, now: Timestamp): boolean {
  if (order.side !== "buy" || isWorking(order)) return false;
  return missingFills(order) > 0n && now - order.updatedAt < LONGEST_UNTOLD_MS;
}

function unreadPurchase(order: Order): Purchase {
  return { symbol: order.symbol, quantity: missingFills(order), at: undefined };
}

/** What is held and what working buys may still add in one market, in its quote. */
export function symbolExposure(
  account: RiskAccount,
  market: PricedMarket["instrument"],
  price: Price | undefined,
): Worth {
  const held = heldWorth(account, market, price);
  return held.kind === "unknown" ? held : sumOf([held, openBuysOf(account, market.symbol, price)]);
}

/**
 * The same over every market of a quote asset. An asset with several such markets counts once a market, which is never
 * too little.
 * @param money assets that are money to the trader and not a stake, whatever markets trade them
 */
export function totalExposure(account: RiskAccount, quote: Asset, money: ReadonlySet<string>): Worth {
  if (account.markets === undefined) return { kind: "unknown", what: "the prices of the markets" };
  return sumOf(
    account.markets
      .filter(({ instrument }) => instrument.quote === quote && !money.has(instrument.base))
      .map(({ instrument, price }) => symbolExposure(account, instrument, price)),
  );
}

/** What the account is worth in a quote asset. Assets that no market trades against it are left out. */
export function accountWorth(account: RiskAccount, quote: Asset): Worth {
  if (account.markets === undefined) return { kind: "unknown", what: "the prices of the markets" };
  if (account.balances === undefined) return { kind: "unknown", what: "the balances" };
  const ownMarkets = account.markets.filter(({ instrument }) => instrument.quote === quote);
  const cash = heldQuantity(account.balances, quote) as bigint as Notional;
  return sumOf([
    { kind: "known", notional: cash },
    ...ownMarkets.map(({ instrument, price }) => heldWorth(account, instrument, price)),
  ]);
}

/** The price of a market as the rules know it. */
export function marketPrice(account: RiskAccount, symbol: MarketSymbol): Price | undefined {
  return account.markets?.find(({ instrument }) => instrument.symbol === symbol)?.price;
}

function heldWorth(
  { balances, purchases }: RiskAccount,
  { symbol, base }: PricedMarket["instrument"],
  price: Price | undefined,
): Worth {
  if (balances === undefined) return { kind: "unknown", what: "the balances" };
  const told = balances.get(base)?.at;
  const since = purchases.filter(
    (it) => it.symbol === symbol && (it.at === undefined || told === undefined || it.at > told),
  );
  const held = since.reduce((sum, { quantity }) => add(sum, quantity), heldQuantity(balances, base));
  if (held === 0n) return { kind: "known", notional: ZERO_NOTIONAL };
  if (price === undefined) return { kind: "unknown", what: `the price of ${base}` };
  return { kind: "known", notional: notionalOf(price, held, "up") };
}

function openBuysOf({ workingOrders }: RiskAccount, symbol: MarketSymbol, price: Price | undefined): Worth {
  return sumOf(
    workingOrders.filter((order) => order.symbol === symbol && order.side === "buy").map((it) => openBuy(it, price)),
  );
}

/** What a working buy may still spend. What has filled of it is held, and counts there. */
function openBuy(order: Order, price: Price | undefined): Worth {
  if (order.size.kind === "quote") {
    return { kind: "known", notional: maximum(subtract(order.size.notional, order.filledNotional), ZERO_NOTIONAL) };
  }
  const left = maximum(subtract(order.size.quantity, order.filledQuantity), ZERO_QUANTITY);
  const unitPrice = order.limitPrice ?? price;
  if (unitPrice === undefined) return { kind: "unknown", what: `the price of order ${order.clientOrderId}` };
  return { kind: "known", notional: notionalOf(unitPrice, left, "up") };
}

function heldQuantity(balances: ReadonlyMap<Asset, Balance>, asset: Asset): Quantity {
  const balance = balances.get(asset);
  return balance === undefined ? ZERO_QUANTITY : totalOf(balance);
}

function sumOf(parts: readonly Worth[]): Worth {
  let notional = ZERO_NOTIONAL;
  for (const part of parts) {
    if (part.kind === "unknown") return part;
    notional = add(notional, part.notional);
  }
  return { kind: "known", notional };
}
