import { describe, expect, it } from "vitest";
import { formatMoney, price, quantity } from "../../../src/core/domain/money.ts";
import {
  balanceSchema,
  fillSchema,
  orderSchema,
  toBalance,
  toFill,
  toOrderReport,
} from "../../../src/adapters/mexc/to-domain/account.ts";
import { instrumentSchema, toInstrument } from "../../../src/adapters/mexc/to-domain/instrument.ts";
import { tickerSchema, toBookTop, toTicker } from "../../../src/adapters/mexc/to-domain/market.ts";
import { candleFromPush, reportFromPush } from "../../../src/adapters/mexc/to-domain/stream.ts";
import { readPrice, readRows } from "../../../src/adapters/mexc/to-domain/unreadable.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";

/** As the exchange answered, shortened. */
const BTC = {
  symbol: "BTCUSDT",
  status: "1",
  baseAsset: "BTC",
  baseAssetPrecision: 8,
  quoteAsset: "USDT",
  quotePrecision: 2,
  orderTypes: ["LIMIT", "MARKET", "LIMIT_MAKER", "SOMETHING_NEW"],
  isSpotTradingAllowed: true,
  quoteAmountPrecision: "1",
  baseSizePrecision: "0.000001",
  filters: [{ filterType: "PERCENT_PRICE_BY_SIDE", bidMultiplierUp: "0.005", askMultiplierDown: "0.005" }],
  maxQuoteAmount: "4000000",
  makerCommission: "0",
  takerCommission: "0.0005",
  quoteAmountPrecisionMarket: "1",
  maxQuoteAmountMarket: "4000000",
  fullName: "Bitcoin",
  tradeSideType: 1,
  st: false,
  unheardOf: { of: "no matter" },
};
const LISTS = { api: new Set(["BTCUSDT", "龙虾USDT"]), key: "not-asked", ended: new Map(), at: 0 } as const;
const instrument = (over: object = {}) => toInstrument(instrumentSchema.parse({ ...BTC, ...over }), LISTS);

const ORDER = {
  symbol: "MXUSDT",
  orderId: "C02__1",
  orderListId: -1,
  clientOrderId: "td-1",
  price: "3.50",
  origQty: "10",
  executedQty: "4",
  cummulativeQuoteQty: "14.0",
  status: "PARTIALLY_FILLED",
  timeInForce: null,
  type: "LIMIT",
  side: "BUY",
  stopPrice: null,
  time: 1_700_000_000_000,
  updateTime: null,
};
const report = (over: object = {}) => toOrderReport(orderSchema.parse({ ...ORDER, ...over }));

describe("a market", () => {
  it("takes its steps from the asset precisions, and its least sizes from what is called precision", () => {
    expect(instrument()).toMatchObject({
      tickSize: price("0.01"),
      stepSize: quantity("0.00000001"),
      minQuantity: quantity("0.000001"),
      orderTypes: ["limit", "market", "post-only"],
      sides: ["buy", "sell"],
      tradability: { kind: "tradable" },
    });
  });

  it.each([
    [{ isSpotTradingAllowed: false }, "restricted"],
    [{ status: "2" }, "restricted"],
    [{ status: 3 }, "restricted"],
    [{ status: 1 }, "tradable"],
  ])("%o is %s", (over, kind) => {
    expect(instrument(over).tradability.kind).toBe(kind);
  });

  it.each([
    ["2", ["buy"]],
    [3, ["sell"]],
    [4, []],
    [9, []],
    [null, ["buy", "sell"]],
  ])("of side type %s may be traded on %o", (tradeSideType, sides) => {
    expect(instrument({ tradeSideType }).sides).toEqual(sides);
  });

  it("keeps a name in another script, and is left out when its name is a trap", () => {
    expect(instrument({ symbol: "龙虾USDT" }).symbol).toBe("龙虾USDT");
    expect(() => instrument({ symbol: "BTC\u202eUSDT" })).toThrow();
    expect(() => instrument({ symbol: "" })).toThrow();
  });
});

describe("a list", () => {
  const rows = ["1", "NaN", "-3", "4"].map((text) => ({ text }));
  const read = (row: unknown) => readPrice((row as { text: string }).text);

  it("keeps what can be read and counts the rest", () => {
    const skipped: string[] = [];
    const kept = readRows(rows, read, (what) => skipped.push(what));
    expect(kept.map((each) => formatMoney(each))).toEqual(["1", "4"]);
    expect(skipped).toHaveLength(2);
  });

  it("fails when nothing can be read, or when each row counts", () => {
    const fault = expect.objectContaining({ code: "EXCHANGE_ANSWER_UNREADABLE", exitCode: 7 }) as Error;
    expect(() => readRows(rows.slice(1, 3), read, () => undefined)).toThrow(fault);
    expect(() => readRows(rows, read, undefined)).toThrow(fault);
    expect(readRows([], read, undefined)).toEqual([]);
  });

  it("lets a fault of our own through", () => {
    const ours = () => {
      throw new TypeError("a bug");
    };
    expect(() => readRows(rows, ours, () => undefined)).toThrow(TypeError);
  });
});

describe("an order", () => {
  it.each([
    ["NEW", "open"],
    ["PARTIALLY_FILLED", "partially-filled"],
    ["FILLED", "filled"],
    ["CANCELED", "cancelled"],
    ["PARTIALLY_CANCELED", "cancelled"],
  ])("with the status %s is %s", (status, expected) => {
    expect(report({ status }).status).toBe(expected);
  });

  it("has no limit when it is a market order: its price is a protective band", () => {
    expect(report({ type: "MARKET" })).not.toHaveProperty("limitPrice");
    expect(report()).toMatchObject({ limitPrice: price("3.5"), executedQuantity: quantity("4") });
  });

  it("leaves out what the exchange leaves out", () => {
    const bare = report({ clientOrderId: null, price: null, origQty: "0", cummulativeQuoteQty: null });
    for (const name of ["clientOrderId", "limitPrice", "quantity", "updatedAt"]) expect(bare).not.toHaveProperty(name);
  });

  it("placed on the web as a stop is a limit order that rests", () => {
    expect(report({ type: "STOP_MARKET_ORDER" }).type).toBe("limit");
  });

  it.each([
    { status: "EXPLODED" },
    { side: "BOTH" },
    { executedQty: "NaN" },
    { executedQty: "-1" },
    { price: "1e99" },
    { orderId: "" },
    { orderId: 5 },
    { time: 9e15 },
    { time: 0.5 },
  ])("with %o cannot be read", (over) => {
    expect(() => report(over)).toThrow();
  });

  it("on the stream says the same as by query", () => {
    const { updatedAt, ...pushed } = reportFromPush(
      "MXUSDT",
      {
        id: "C02__1",
        clientId: "td-1",
        price: "3.5",
        quantity: "10",
        orderType: 1,
        tradeType: 1,
        cumulativeQuantity: "4",
        cumulativeAmount: "14",
        status: 3,
        createTime: 1_700_000_000_000,
      },
      1_700_000_000_500,
    );
    expect(pushed).toEqual(report());
    expect(updatedAt).toBe(1_700_000_000_500);
  });
});

describe("a fill", () => {
  const FILL = {
    symbol: "BTCUSDT",
    id: "555",
    orderId: "C02__1",
    price: "83991.02",
    qty: "0.0001",
    quoteQty: "8.399102",
    commission: "0.0167982040000000001",
    commissionAsset: "USDT",
    time: 1_700_000_000_000,
    isBuyer: true,
    isMaker: false,
    clientOrderId: null,
  };
  const fill = (over: object = {}) => toFill(fillSchema.parse({ ...FILL, ...over }));

  it("keeps the exchange's own notional, and rounds a 19th decimal of the fee up", () => {
    const { notional, fee, side, liquidity } = fill();
    expect([formatMoney(notional), formatMoney(fee.quantity), fee.asset, side, liquidity]).toEqual([
      "8.399102",
      "0.016798204000000001",
      "USDT",
      "buy",
      "taker",
    ]);
  });

  it("may bring a rebate, but no negative amount", () => {
    expect(formatMoney(fill({ commission: "-0.01" }).fee.quantity)).toBe("-0.01");
    expect(() => fill({ qty: "-1" })).toThrow();
    expect(() => fill({ id: "" })).toThrow();
  });
});

describe("figures of a market", () => {
  it("that are missing stay missing", () => {
    const ticker = toTicker(tickerSchema.parse({ symbol: "X", lastPrice: "2", volume: "", quoteVolume: null }), 7);
    expect(ticker).toEqual({ symbol: "X", last: price("2"), at: 7 });
    expect(toBookTop({ symbol: "X", bidPrice: "1", bidQty: "2", askPrice: "0", askQty: "0" }, 7)).toEqual({
      symbol: "X",
      bid: { price: price("1"), quantity: quantity("2") },
      at: 7,
    });
  });

  it("come in seconds on the stream, and without volume when there was none", () => {
    const same = { openingPrice: "5", closingPrice: "5", highestPrice: "5", lowestPrice: "5" };
    const kline = { interval: "Min1", windowStart: 60, volume: "", amount: "", ...same };
    const candle = candleFromPush(marketSymbol("X"), "1m", kline);
    expect(candle).toMatchObject({ openTime: 60_000, close: price("5"), baseVolume: 0n, quoteVolume: 0n });
    expect(() => candleFromPush(marketSymbol("X"), "1m", { ...kline, windowStart: 0 })).toThrow();
    expect(() => candleFromPush(marketSymbol("X"), "1m", { ...kline, openingPrice: "" })).toThrow();
  });

  it("of an account are absolute", () => {
    const row = balanceSchema.parse({ asset: "USDT", free: "1", locked: "0.5", available: "1" });
    expect(toBalance(row, 9)).toEqual({ asset: "USDT", free: quantity("1"), locked: quantity("0.5"), at: 9 });
  });
});
