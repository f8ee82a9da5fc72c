import type { Money, Price } from "../core/domain/money.ts";
import {
  ZERO_QUANTITY,
  formatMoney,
  isMultipleOf,
  notionalOf,
  ratio,
  scale,
  stepOfDecimals,
} from "../core/domain/money.ts";
import type { Notional, Quantity, Ratio } from "../core/domain/money.ts";
import type { SimInstrument } from "./engine/instrument.ts";
import type { OrderRequest } from "./engine/order.ts";
import type { Switches } from "./switches.ts";
import { Refusal, missingParameter, parameterError } from "./engine/refusal.ts";

export const OPEN_ORDER_LIMIT = 500;
const ONE = ratio("1");
const CLIENT_ID_PATTERN = /^[a-zA-Z0-9_-]{1,32}$/;

/** What an order is checked against besides the rules of its instrument. */
export interface FilterContext {
  readonly instrument: SimInstrument | undefined;
  readonly lastPrice: Price;
  readonly openOrders: number;
  readonly now: number;
  readonly switches: Switches;
}

/**
 * Every check that needs no balance, in the order the simulator has chosen (the venue documents none).
 * @throws Refusal with the venue's code
 */
export function checkOrder(request: OrderRequest, context: FilterContext): SimInstrument {
  const { instrument } = context;
  if (instrument === undefined) throw new Refusal(10007, "symbol not support api");
  checkPhase(instrument, context.now);
  if (!instrument.spotTradingAllowed) throw new Refusal(10007, "symbol not support api");
  checkSide(request, instrument);
  checkType(request, instrument);
  checkNumbers(request, instrument);
  checkNotional(request, instrument, context.lastPrice);
  checkBand(request, instrument, context);
  if (request.clientOrderId !== undefined && !CLIENT_ID_PATTERN.test(request.clientOrderId)) {
    throw new Refusal(700008, "Illegal characters found in parameter 'newClientOrderId'.");
  }
  if (context.openOrders >= OPEN_ORDER_LIMIT) throw new Refusal(30029, "Maximum order count exceeded");
  return instrument;
}

/** A listing that has not opened is refused as disabled, and so is a market that is gone; in between it is suspended. */
function checkPhase(instrument: SimInstrument, now: number): void {
  if (instrument.status === "1") return;
  const isSuspended = instrument.status === "2" && now >= instrument.firstOpenTime;
  throw isSuspended ? new Refusal(30000, "Trading suspended for the symbol") : new Refusal(30016, "Trading disabled");
}

function checkSide(request: OrderRequest, instrument: SimInstrument): void {
  const { tradeSideType } = instrument;
  const isAllowed = tradeSideType === 1 || tradeSideType === (request.side === "BUY" ? 2 : 3);
  if (!isAllowed) throw new Refusal(30001, "Current transaction direction is not allowed to place an order");
  if (instrument.suspendedSides?.includes(request.side) !== true) return;
  throw request.side === "BUY"
    ? new Refusal(30027, "Buying is suspended: the maximum position is reached")
    : new Refusal(30028, "Selling is suspended by risk control");
}

function checkType(request: OrderRequest, instrument: SimInstrument): void {
  if (request.type === "MARKET" && instrument.marketOrdersOff === true) {
    throw new Refusal(30018, "Market order is disabled");
  }
  const listed = request.type === "IMMEDIATE_OR_CANCEL" || request.type === "FILL_OR_KILL" ? "LIMIT" : request.type;
  if (instrument.orderTypes.includes(listed)) return;
  if (listed === "MARKET") throw new Refusal(30019, "Api market order is disabled");
  throw new Refusal(30041, "current order type can not place order");
}

function checkNumbers(request: OrderRequest, instrument: SimInstrument): void {
  if (request.type === "MARKET") {
    const given = [request.quantity, request.quoteOrderQty].filter((amount) => amount !== undefined).length;
    if (given === 0) throw missingParameter(request.side === "BUY" ? "quoteOrderQty" : "quantity");
    if (given === 2) throw new Refusal(-1128, "Combination of optional parameters invalid.");
  } else {
    if (request.quantity === undefined) throw missingParameter("quantity");
    if (request.price === undefined) throw missingParameter("price");
    if (request.price < 0n) throw parameterError("price");
    if (!isMultipleOf(request.price, instrument.tickSize)) throw new Refusal(400, "price scale is invalid");
    if (request.price === 0n) throw new Refusal(30010, "No valid trade price");
  }
  if (request.quantity !== undefined) {
    if (request.quantity < 0n) throw parameterError("quantity");
    if (!isMultipleOf(request.quantity, instrument.stepSize)) throw new Refusal(400, "quantity scale is invalid");
  }
  if (request.quoteOrderQty !== undefined) {
    if (request.quoteOrderQty < 0n) throw parameterError("quoteOrderQty");
    const step = stepOfDecimals(instrument.priceDecimals) as Notional;
    // The leading space is the venue's own.
    if (!isMultipleOf(request.quoteOrderQty, step)) throw new Refusal(400, " amount scale is invalid");
  }
}

function checkNotional(request: OrderRequest, instrument: SimInstrument, lastPrice: Price): void {
  const { quantity } = request;
  if (quantity !== undefined && (quantity === ZERO_QUANTITY || quantity < instrument.minQuantity)) {
    throw tooSmall(instrument.minQuantity, instrument.baseAsset);
  }
  const price = request.type === "MARKET" ? lastPrice : (request.price ?? lastPrice);
  const notional = request.quoteOrderQty ?? notionalOf(price, quantity ?? ZERO_QUANTITY, "down");
  if (notional < instrument.minNotional) throw tooSmall(instrument.minNotional, instrument.quoteAsset);
  const most = request.type === "MARKET" ? instrument.maxNotionalMarket : instrument.maxNotional;
  if (notional > most) {
    const text = `The maximum transaction volume cannot be greater than:${formatMoney(most)}${instrument.quoteAsset}`;
    throw new Refusal(30003, text);
  }
}

function checkBand(request: OrderRequest, instrument: SimInstrument, context: FilterContext): void {
  const { price } = request;
  const { lastPrice, switches } = context;
  const band = instrument.priceBand;
  if (band === undefined || price === undefined || request.type === "MARKET") return;
  // Word for word the documentation bounds prices by last × multiplier, which nobody can keep with the live values.
  const isLiteral = switches.get("price-band") === "literal";
  const up = isLiteral ? band.bidMultiplierUp : ((ONE + band.bidMultiplierUp) as Ratio);
  const down = isLiteral ? band.askMultiplierDown : ((ONE - band.askMultiplierDown) as Ratio);
  const isOutside =
    request.side === "BUY" ? price > scale(lastPrice, up, "down") : price < scale(lastPrice, down, "up");
  if (isOutside) throw new Refusal(30087, "Order price exceeds allowed range");
}

function tooSmall(limit: Money, asset: string): Refusal {
  return new Refusal(30002, `The minimum transaction volume cannot be less than:${formatMoney(limit)}${asset}`);
}

/** @throws Refusal 30032 for a buy that would leave the account with more than the venue lets it hold */
export function checkPosition(instrument: SimInstrument, side: "BUY" | "SELL", held: Quantity, bought: Quantity): void {
  const most = instrument.largestPosition;
  if (most !== undefined && side === "BUY" && held + bought > most)
    throw new Refusal(30032, "Maximum position exceeded");
}

/** The refusal for an order the free balance cannot carry. */
function notEnough(side: "BUY" | "SELL", switches: Switches): Refusal {
  if (switches.get("insufficient-code") === "10101") return new Refusal(10101, "资金不足");
  return side === "BUY" ? new Refusal(30004, "Insufficient position") : new Refusal(30005, "Oversold");
}

/** Is there enough for it? @throws Refusal 30004 for buys, 30005 for sells; 10101 for both in the other reading */
export function checkFunds(side: "BUY" | "SELL", needed: Quantity, free: Quantity, switches: Switches): void {
  if (needed > free) throw notEnough(side, switches);
}
