import { describe, expect, it } from "vitest";
import { price, quantity, ratio } from "../../src/core/domain/money.ts";
import type { SimInstrument } from "../../src/simulator/engine/instrument.ts";
import type { OrderRequest } from "../../src/simulator/engine/order.ts";
import { Refusal } from "../../src/simulator/engine/refusal.ts";
import { checkOrder } from "../../src/simulator/filters.ts";
import type { SwitchSettings } from "../../src/simulator/switches.ts";
import { Switches } from "../../src/simulator/switches.ts";
import { COIN, START, request } from "./small-exchange.ts";

interface Row {
  readonly what: string;
  readonly order: OrderRequest;
  readonly instrument?: Partial<SimInstrument>;
  readonly openOrders?: number;
  readonly switches?: SwitchSettings;
  readonly code: number;
  readonly message: string;
}

const good = { side: "BUY", quantity: "1", price: "100" } as const;
const band = { bidMultiplierUp: ratio("0.005"), askMultiplierDown: ratio("0.005") };
const mandatory = (name: string): string => `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;

const ROWS: readonly Row[] = [
  {
    what: "closed to the API",
    order: request(good),
    instrument: { spotTradingAllowed: false },
    code: 10007,
    message: "symbol not support api",
  },
  {
    what: "suspended",
    order: request(good),
    instrument: { status: "2" },
    code: 30000,
    message: "Trading suspended for the symbol",
  },
  {
    what: "not open yet",
    order: request(good),
    instrument: { status: "2", firstOpenTime: START + 1 },
    code: 30016,
    message: "Trading disabled",
  },
  { what: "delisted", order: request(good), instrument: { status: "3" }, code: 30016, message: "Trading disabled" },
  {
    what: "market orders off",
    order: request({ side: "BUY", type: "MARKET", quantity: "1" }),
    instrument: { marketOrdersOff: true },
    code: 30018,
    message: "Market order is disabled",
  },
  {
    what: "outside of the band word for word",
    order: request({ ...good, price: "100" }),
    instrument: { priceBand: band },
    switches: { "price-band": "literal" },
    code: 30087,
    message: "Order price exceeds allowed range",
  },
  {
    what: "side closed",
    order: request(good),
    instrument: { tradeSideType: 3 },
    code: 30001,
    message: "Current transaction direction is not allowed to place an order",
  },
  {
    what: "type not listed",
    order: request({ ...good, type: "LIMIT_MAKER" }),
    instrument: { orderTypes: ["LIMIT"] },
    code: 30041,
    message: "current order type can not place order",
  },
  {
    what: "market not listed",
    order: request({ side: "BUY", type: "MARKET", quantity: "1" }),
    instrument: { orderTypes: ["LIMIT"] },
    code: 30019,
    message: "Api market order is disabled",
  },
  {
    what: "price off the tick",
    order: request({ ...good, price: "100.001" }),
    code: 400,
    message: "price scale is invalid",
  },
  {
    what: "quantity off the step",
    order: request({ ...good, quantity: "1.0001" }),
    code: 400,
    message: "quantity scale is invalid",
  },
  {
    what: "amount with too many decimals",
    order: request({ side: "BUY", type: "MARKET", quote: "5.001" }),
    code: 400,
    message: " amount scale is invalid",
  },
  {
    what: "below the least notional",
    order: request({ ...good, quantity: "0.009" }),
    code: 30002,
    message: "The minimum transaction volume cannot be less than:1USDT",
  },
  {
    what: "below the least quantity",
    order: request({ ...good, quantity: "0.05" }),
    instrument: { minQuantity: quantity("0.1") },
    code: 30002,
    message: "The minimum transaction volume cannot be less than:0.1COIN",
  },
  {
    what: "above the most",
    order: request({ ...good, quantity: "10001" }),
    code: 30003,
    message: "The maximum transaction volume cannot be greater than:1000000USDT",
  },
  {
    what: "above the most of a market order",
    order: request({ side: "BUY", type: "MARKET", quote: "100000.01" }),
    code: 30003,
    message: "The maximum transaction volume cannot be greater than:100000USDT",
  },
  {
    what: "buy above the band",
    order: request({ ...good, price: "100.51" }),
    instrument: { priceBand: band },
    code: 30087,
    message: "Order price exceeds allowed range",
  },
  {
    what: "sell below the band",
    order: request({ ...good, side: "SELL", price: "99.49" }),
    instrument: { priceBand: band },
    code: 30087,
    message: "Order price exceeds allowed range",
  },
  { what: "no quantity", order: request({ side: "BUY", price: "1" }), code: 700004, message: mandatory("quantity") },
  { what: "no price", order: request({ side: "BUY", quantity: "1" }), code: 700004, message: mandatory("price") },
  {
    what: "market without a size",
    order: request({ side: "SELL", type: "MARKET" }),
    code: 700004,
    message: mandatory("quantity"),
  },
  {
    what: "market with two sizes",
    order: request({ side: "BUY", type: "MARKET", quantity: "1", quote: "5" }),
    code: -1128,
    message: "Combination of optional parameters invalid.",
  },
  { what: "price zero", order: request({ ...good, price: "0" }), code: 30010, message: "No valid trade price" },
  {
    what: "quantity zero",
    order: request({ ...good, quantity: "0" }),
    code: 30002,
    message: "The minimum transaction volume cannot be less than:0.001COIN",
  },
  {
    what: "client order id with blanks",
    order: request({ ...good, clientOrderId: "my order" }),
    code: 700008,
    message: "Illegal characters found in parameter 'newClientOrderId'.",
  },
  {
    what: "500 open orders",
    order: request(good),
    openOrders: 500,
    code: 30029,
    message: "Maximum order count exceeded",
  },
];

const USUAL = { instrument: COIN, lastPrice: price("100"), openOrders: 0, now: START, switches: new Switches() };

function refusalOf(row: Row): unknown {
  const context = {
    instrument: { ...COIN, ...row.instrument },
    lastPrice: price("100"),
    openOrders: row.openOrders ?? 0,
    now: START,
    switches: new Switches(row.switches),
  };
  try {
    checkOrder(row.order, context);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("the checks of an order", () => {
  it.each(ROWS)("refuse: $what → $code", (row) => {
    const refusal = refusalOf(row);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: row.code, message: row.message, httpStatus: 400 });
  });

  it.each([
    request(good),
    request({ ...good, type: "FILL_OR_KILL" }),
    request({ side: "SELL", type: "MARKET", quote: "5.01" }),
    request({ ...good, clientOrderId: "td-0123456789_ABCDEF" }),
  ])("let a good one through: $type $side", (order) => {
    expect(checkOrder(order, { ...USUAL, openOrders: 499 })).toBe(COIN);
  });

  it("keep the band one-sided: a far buy below and a far sell above are fine", () => {
    const context = { ...USUAL, instrument: { ...COIN, priceBand: band } };
    expect(() => checkOrder(request({ ...good, price: "50" }), context)).not.toThrow();
    expect(() => checkOrder(request({ ...good, side: "SELL", price: "200" }), context)).not.toThrow();
  });

  it("know no symbol they do not know", () => {
    const context = { ...USUAL, instrument: undefined, lastPrice: price("0") };
    expect(() => checkOrder(request(good), context)).toThrow("symbol not support api");
  });
});
