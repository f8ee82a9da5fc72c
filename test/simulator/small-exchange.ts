import type { Notional, Price, Quantity } from "../../src/core/domain/money.ts";
import { notional, price, quantity, ratio } from "../../src/core/domain/money.ts";
import type { AccountEvent } from "../../src/simulator/engine/account-event.ts";
import { Exchange } from "../../src/simulator/engine/exchange.ts";
import type { SimInstrument } from "../../src/simulator/engine/instrument.ts";
import { Market } from "../../src/simulator/engine/market.ts";
import type { OrderRequest, TapeTrade } from "../../src/simulator/engine/order.ts";
import { IdSequence } from "../../src/simulator/engine/sequence.ts";

export const COIN: SimInstrument = {
  symbol: "COINUSDT",
  baseAsset: "COIN",
  quoteAsset: "USDT",
  fullName: "Coin",
  status: "1",
  priceDecimals: 2,
  quantityDecimals: 3,
  tickSize: price("0.01"),
  stepSize: quantity("0.001"),
  minQuantity: quantity("0.001"),
  minNotional: notional("1"),
  maxNotional: notional("1000000"),
  maxNotionalMarket: notional("100000"),
  makerRate: ratio("0"),
  takerRate: ratio("0.0005"),
  orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER"],
  spotTradingAllowed: true,
  tradeSideType: 1,
  specialTreatment: false,
  priceBand: undefined,
  firstOpenTime: 0,
};

export const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** One market without a crowd, last price 100.00. */
export function openSmallExchange(instrument: SimInstrument = COIN) {
  const events: AccountEvent[] = [];
  const tape: TapeTrade[] = [];
  const market = new Market({
    instrument,
    openingPrice: price("100"),
    firstBookVersion: 1_000,
    history: undefined,
    tapeIsRecorded: false,
    onLevel: () => undefined,
  });
  const exchange = new Exchange({
    markets: [market],
    now: () => START,
    ids: new IdSequence(START),
    onTrade: (_market, trade) => tape.push(trade),
    onAccountEvents: (batch) => events.push(...batch),
  });
  return { exchange, market, events, tape };
}

interface Wanted {
  readonly side: OrderRequest["side"];
  readonly type?: OrderRequest["type"];
  readonly quantity?: string;
  readonly price?: string;
  readonly quote?: string;
  readonly clientOrderId?: string;
}

export function request(wanted: Wanted): OrderRequest {
  return {
    symbol: "COINUSDT",
    side: wanted.side,
    type: wanted.type ?? "LIMIT",
    quantity: wanted.quantity === undefined ? undefined : quantity(wanted.quantity),
    price: wanted.price === undefined ? undefined : price(wanted.price),
    quoteOrderQty: wanted.quote === undefined ? undefined : notional(wanted.quote),
    clientOrderId: wanted.clientOrderId,
  };
}

export const asPrice = (units: bigint): Price => units as Price;
export const asQuantity = (units: bigint): Quantity => units as Quantity;
export const asNotional = (units: bigint): Notional => units as Notional;
