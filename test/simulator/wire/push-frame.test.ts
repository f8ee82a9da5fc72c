import { describe, expect, it } from "vitest";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { encodeBalance, encodeFill, encodeOrder } from "../../../src/simulator/wire/private-messages.ts";
import { ProtoWriter } from "../../../src/simulator/wire/proto-writer.ts";
import {
  encodeBookTop,
  encodeDeals,
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
    const body = encodeDepthChanges(eventType, [], [gone], 10589632359, 10589632359);
    const frame = encodePushFrame({
      channel: `${eventType}@BTCUSDT`,
      symbol: "BTCUSDT",
      sendTime: 1736411507002,
      kind: "publicAggreDepths",
      body,
    });
    expect(Buffer.from(frame).toString("hex")).toBe(GOLDEN_DEPTH);
  });

  it("a private deal has the same fields but for the fee, whose 19th decimal our money has no room for", () => {
    const fill: AccountFill = {
      tradeId: "505979017439002624X1",
      orderId: "C02__505979017439002624115",
      clientOrderId: null,
      apiKey: "any",
      symbol: "MXUSDT",
      side: "SELL",
      price: price("3.6962"),
      quantity: quantity("1"),
      notional: notional("3.6962"),
      fee: quantity("0.000399837736969817"),
      feeAsset: "MX",
      isMaker: false,
      isSelfTrade: false,
      time: 1736409765051,
    };
    const golden = decodePush(Buffer.from(GOLDEN_DEAL, "hex"));
    const goldenDeal = golden["privateDeals"] as Readonly<Record<string, unknown>>;
    const frame = encodePushFrame({
      channel: "spot@private.deals.v3.api.pb",
      symbol: "MXUSDT",
      sendTime: golden["sendTime"] as number,
      kind: "privateDeals",
      body: encodeFill({ ...fill, time: goldenDeal["time"] as number, tradeId: goldenDeal["tradeId"] as string }),
    });
    expect(decodePush(frame)).toEqual({
      ...golden,
      privateDeals: { ...goldenDeal, feeAmount: "0.000399837736969817" },
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
    expect(bodyOf("publicLimitDepths", encodeLimitDepth("e", [level], [], 7))).toEqual({
      asks: [{ price: "375.8", quantity: "0.5" }],
      eventType: "e",
      version: "7",
    });
    expect(bodyOf("publicAggreBookTicker", encodeBookTop({ bid: undefined, ask: level, version: 7 }))).toEqual({
      askPrice: "375.8",
      askQuantity: "0.5",
      version: "7",
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
    const ticker = { symbol: "S", price: "1", rate: "-0.01", high: "2", low: "1", quoteVolume: "30", baseVolume: "20" };
    expect(bodyOf("publicMiniTicker", encodeMiniTicker(ticker))).toMatchObject({ volume: "30", quantity: "20" });
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
