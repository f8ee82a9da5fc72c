import { describe, expect, it } from "vitest";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { coinIdOf } from "../../../src/simulator/market/coin-facts.ts";
import { encodeBalance, encodeDeal, encodeFill, encodeOrder } from "../../../src/simulator/wire/private-messages.ts";
import { ProtoWriter } from "../../../src/simulator/wire/proto-writer.ts";
import {
  encodeBookTop,
  encodeBookTopBatch,
  encodeDeals,
  encodeDepthBatch,
  encodeDepthChanges,
  encodeKline,
  encodeLimitDepth,
  encodeMiniTicker,
} from "../../../src/simulator/wire/public-messages.ts";
import { encodePushFrame } from "../../../src/simulator/wire/push-frame.ts";
import type { AccountFill, ExchangeOrder } from "../../../src/simulator/engine/order.ts";
import { decodePush } from "../decode-push.ts";

// Captured shapes of the venue's own frames.
const GOLDEN_DEPTH =
  "0a2f73706f74407075626c69632e61676772652e64657074682e76332e6170692e7062403130306d7340425443555344541a0742544355534454" +
  "30bad2c3d1c432ca1352120d0a0839323837372e35381201301a2773706f74407075626c69632e61676772652e64657074682e76332e6170692e" +
  "7062403130306d73220b31303538393633323335392a0b3130353839363332333539";
const GOLDEN_DEAL =
  "0a1c73706f7440707269766174652e6465616c732e76332e6170692e70621a064d585553445430dc8095d4c4329213690a06332e36393632" +
  "1201311a06332e3639363220023a1435303539373930313734333930303236323458314a1a4330325f5f353035393739303137343339303032" +
  "3632343131355215302e303030333939383337373336393639383137315a024d5860a88095d4c432";

const eventType = "spot@public.aggre.depth.v3.api.pb@100ms";

describe("frames against the golden ones", () => {
  it("a depth push is the same, byte for byte", () => {
    const gone = { price: price("92877.58"), quantity: quantity("0") };
    const body = encodeDepthChanges(eventType, {
      asks: [],
      bids: [gone],
      fromVersion: 10589632359,
      toVersion: 10589632359,
      newestOrderAt: 0,
    });
    const frame = encodePushFrame({
      channel: `${eventType}@BTCUSDT`,
      symbol: "BTCUSDT",
      sendTime: 1736411507002,
      kind: "publicAggreDepths",
      body,
    });
    expect(Buffer.from(frame).toString("hex")).toBe(GOLDEN_DEPTH);
  });

  it("a private deal is the same, byte for byte", () => {
    const body = encodeDeal({
      price: "3.6962",
      quantity: "1",
      amount: "3.6962",
      isBuy: false,
      isMaker: false,
      isSelfTrade: false,
      tradeId: "505979017439002624X1",
      clientOrderId: "",
      orderId: "C02__505979017439002624115",
      // One decimal more than money here has.
      feeAmount: "0.0003998377369698171",
      feeCurrency: "MX",
      time: 1736417034280,
    });
    const frame = encodePushFrame({
      channel: "spot@private.deals.v3.api.pb",
      symbol: "MXUSDT",
      sendTime: 1736417034332,
      kind: "privateDeals",
      body,
    });
    expect(Buffer.from(frame).toString("hex")).toBe(GOLDEN_DEAL);
  });

  it("a fill of an account is such a deal", () => {
    const fill: AccountFill = {
      tradeId: "505979017439002624X1",
      orderId: "C02__505979017439002624115",
      clientOrderId: "mine",
      apiKey: "any",
      symbol: "MXUSDT",
      side: "BUY",
      price: price("3.6962"),
      quantity: quantity("1"),
      notional: notional("3.6962"),
      fee: quantity("0.0004"),
      feeAsset: "MX",
      isMaker: true,
      isSelfTrade: true,
      time: 1736409765051,
    };
    expect(bodyOf("privateDeals", encodeFill(fill))).toEqual({
      price: "3.6962",
      quantity: "1",
      amount: "3.6962",
      tradeType: 1,
      isMaker: true,
      isSelfTrade: true,
      tradeId: "505979017439002624X1",
      clientOrderId: "mine",
      orderId: "C02__505979017439002624115",
      feeAmount: "0.0004",
      feeCurrency: "MX",
      time: 1736409765051,
    });
  });
});

function bodyOf(kind: Parameters<typeof encodePushFrame>[0]["kind"], body: ProtoWriter): unknown {
  return decodePush(encodePushFrame({ channel: "c", sendTime: 1, kind, body }))[kind];
}

describe("bodies read by the reference decoder", () => {
  it("deals", () => {
    const trade = { tradeId: "9", price: price("1.50"), quantity: quantity("2"), time: 1736409765051 } as const;
    const body = encodeDeals("e", [
      { ...trade, takerSide: "BUY" },
      { ...trade, takerSide: "SELL" },
    ]);
    const item = { price: "1.5", quantity: "2", time: 1736409765051, tradeId: "9" };
    expect(bodyOf("publicAggreDeals", body)).toEqual({
      deals: [
        { ...item, tradeType: 1 },
        { ...item, tradeType: 2 },
      ],
      eventType: "e",
    });
  });

  it("limit depth with an empty side, and a top without a bid", () => {
    const level = { price: price("375.80"), quantity: quantity("0.5") };
    expect(
      bodyOf("publicLimitDepths", encodeLimitDepth("e", { asks: [level], bids: [], version: 7, newestOrderAt: 5 })),
    ).toEqual({
      asks: [{ price: "375.8", quantity: "0.5" }],
      eventType: "e",
      version: "7",
      lastOrderCreateTime: 5,
    });
    expect(
      bodyOf("publicAggreBookTicker", encodeBookTop({ bid: undefined, ask: level, version: 7, newestOrderAt: 5 })),
    ).toEqual({
      askPrice: "375.8",
      askQuantity: "0.5",
      version: "7",
      lastOrderCreateTime: 5,
    });
  });

  it("depth changes with the time of the newest order", () => {
    const level = { price: price("375.80"), quantity: quantity("0.5") };
    const changes = { asks: [], bids: [level], fromVersion: 7, toVersion: 9, newestOrderAt: 1736409765051 };
    expect(bodyOf("publicAggreDepths", encodeDepthChanges("e", changes))).toEqual({
      bids: [{ price: "375.8", quantity: "0.5" }],
      eventType: "e",
      fromVersion: "7",
      toVersion: "9",
      lastOrderCreateTime: 1736409765051,
    });
  });

  it("the batches: every top and every change in turn", () => {
    const level = { price: price("2"), quantity: quantity("1") };
    const top = { bid: level, ask: undefined, version: 7, newestOrderAt: 5 };
    expect(bodyOf("publicBookTickerBatch", encodeBookTopBatch([top, { ...top, version: 8 }]))).toEqual({
      items: [
        { bidPrice: "2", bidQuantity: "1" },
        { bidPrice: "2", bidQuantity: "1" },
      ],
      version: "8",
      lastOrderCreateTime: 5,
    });
    const changes = [
      { asks: [level], bids: [], version: 7, newestOrderAt: 5 },
      { asks: [], bids: [level], version: 8, newestOrderAt: 5 },
    ];
    expect(bodyOf("publicIncreaseDepthsBatch", encodeDepthBatch("e", changes))).toEqual({
      items: [
        { asks: [{ price: "2", quantity: "1" }], eventType: "e", version: "7" },
        { bids: [{ price: "2", quantity: "1" }], eventType: "e", version: "8" },
      ],
      eventType: "e",
    });
  });

  it("kline: open, close, high, low, in seconds", () => {
    const candle = {
      openTime: 1736409720000,
      open: price("1"),
      high: price("4"),
      low: price("0.5"),
      close: price("2"),
      volume: quantity("10"),
      quoteVolume: notional("20"),
    };
    expect(bodyOf("publicSpotKline", encodeKline("Min1", candle, 1736409780000))).toEqual({
      interval: "Min1",
      windowStart: 1736409720,
      openingPrice: "1",
      closingPrice: "2",
      highestPrice: "4",
      lowestPrice: "0.5",
      volume: "10",
      amount: "20",
      windowEnd: 1736409780,
    });
  });

  it("mini ticker: volume is quote, quantity is base", () => {
    const ticker = {
      symbol: "S",
      price: "1",
      home: { rate: "-0.01", lastCloseRate: "-0.02" },
      zoned: { rate: "0.03", lastCloseRate: "0.04" },
      high: "2",
      low: "0.5",
      lastCloseHigh: "3",
      lastCloseLow: "0.4",
      quoteVolume: "30",
      baseVolume: "20",
    };
    expect(bodyOf("publicMiniTicker", encodeMiniTicker(ticker))).toEqual({
      symbol: "S",
      price: "1",
      rate: "-0.01",
      zonedRate: "0.03",
      high: "2",
      low: "0.5",
      volume: "30",
      quantity: "20",
      lastCloseRate: "-0.02",
      lastCloseZonedRate: "0.04",
      lastCloseHigh: "3",
      lastCloseLow: "0.4",
    });
  });

  it("a filled market order as it was captured", () => {
    const order: ExchangeOrder = {
      orderId: "C02__1",
      apiKey: "any",
      symbol: "S",
      side: "BUY",
      type: "MARKET",
      clientOrderId: null,
      price: price("0.001053"),
      quantity: quantity("2000"),
      quoteOrderQty: undefined,
      executedQuantity: quantity("2000"),
      executedNotional: notional("2.014"),
      locked: quantity("0"),
      status: "FILLED",
      stpMode: "",
      cancelReason: null,
      time: 5,
      updateTime: 6,
    };
    expect(bodyOf("privateOrders", encodeOrder({ kind: "order", order, lastFill: undefined, time: 6 }))).toEqual({
      id: "C02__1",
      price: "0.001053",
      quantity: "2000",
      amount: "0",
      avgPrice: "0.001007",
      orderType: 5,
      tradeType: 1,
      remainAmount: "0.092",
      remainQuantity: "0",
      cumulativeQuantity: "2000",
      cumulativeAmount: "2.014",
      status: 2,
      createTime: 5,
    });
  });

  it("an order that is partly filled", () => {
    const order: ExchangeOrder = {
      orderId: "C02__1",
      apiKey: "any",
      symbol: "S",
      side: "BUY",
      type: "LIMIT",
      clientOrderId: "mine",
      price: price("2"),
      quantity: quantity("10"),
      quoteOrderQty: undefined,
      executedQuantity: quantity("4"),
      executedNotional: notional("7"),
      locked: quantity("12"),
      status: "PARTIALLY_FILLED",
      stpMode: "",
      cancelReason: null,
      time: 5,
      updateTime: 6,
    };
    expect(bodyOf("privateOrders", encodeOrder({ kind: "order", order, lastFill: undefined, time: 6 }))).toEqual({
      id: "C02__1",
      clientId: "mine",
      price: "2",
      quantity: "10",
      amount: "20",
      avgPrice: "1.75",
      orderType: 1,
      tradeType: 1,
      remainAmount: "13",
      remainQuantity: "6",
      cumulativeQuantity: "4",
      cumulativeAmount: "7",
      status: 3,
      createTime: 5,
    });
  });

  it("a balance with signed changes", () => {
    const change = {
      apiKey: "any",
      asset: "USDT",
      free: quantity("90"),
      locked: quantity("10"),
      freeChange: quantity("-10"),
      lockedChange: quantity("10"),
    };
    const event = { kind: "balance", change, reason: "ENTRUST_PLACE", time: 7 } as const;
    expect(bodyOf("privateAccount", encodeBalance(event))).toEqual({
      vcoinName: "USDT",
      coinId: coinIdOf("USDT"),
      balanceAmount: "90",
      balanceAmountChange: "-10",
      frozenAmount: "10",
      frozenAmountChange: "10",
      type: "ENTRUST_PLACE",
      time: 7,
    });
  });
});

it("the writer grows, counts UTF-8 bytes and leaves defaults out", () => {
  const long = "龙虾".repeat(200);
  expect(new ProtoWriter().text(1, "").whole(2, 0).flag(3, false).finish().length).toBe(0);
  expect(new ProtoWriter().text(1, long).finish().length).toBe(1 + 2 + 1_200);
});
