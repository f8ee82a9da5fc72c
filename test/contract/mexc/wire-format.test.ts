import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Row, VenueClient } from "./venue.ts";
import type { VenueStream } from "./venue-stream.ts";

const schema = readFileSync(join(import.meta.dirname, "../../fixtures/mexc/push.proto"), "utf8");
const { root } = protobuf.parse(schema, { keepCase: true });

/** §7.4: the body's number in the wrapper, and the number and type of each of its fields. */
const MESSAGES: readonly (readonly [number, string, string, string])[] = [
  [301, "publicDeals", "PublicDealsV3Api", "1 deals[] 2 eventType"],
  [302, "publicIncreaseDepths", "PublicIncreaseDepthsV3Api", "1 asks[] 2 bids[] 3 eventType 4 version"],
  [303, "publicLimitDepths", "PublicLimitDepthsV3Api", "1 asks[] 2 bids[] 3 eventType 4 version 5 lastOrderCreateTime"],
  [
    304,
    "privateOrders",
    "PrivateOrdersV3Api",
    "1 id 2 clientId 3 price 4 quantity 5 amount 6 avgPrice 7 orderType 8 tradeType 9 isMaker 10 remainAmount 11 remainQuantity 12 lastDealQuantity 13 cumulativeQuantity 14 cumulativeAmount 15 status 16 createTime",
  ],
  [305, "publicBookTicker", "PublicBookTickerV3Api", "1 bidPrice 2 bidQuantity 3 askPrice 4 askQuantity"],
  [
    306,
    "privateDeals",
    "PrivateDealsV3Api",
    "1 price 2 quantity 3 amount 4 tradeType 5 isMaker 6 isSelfTrade 7 tradeId 8 clientOrderId 9 orderId 10 feeAmount 11 feeCurrency 12 time",
  ],
  [
    307,
    "privateAccount",
    "PrivateAccountV3Api",
    "1 vcoinName 2 coinId 3 balanceAmount 4 balanceAmountChange 5 frozenAmount 6 frozenAmountChange 7 type 8 time",
  ],
  [
    308,
    "publicSpotKline",
    "PublicSpotKlineV3Api",
    "1 interval 2 windowStart 3 openingPrice 4 closingPrice 5 highestPrice 6 lowestPrice 7 volume 8 amount 9 windowEnd",
  ],
  [
    309,
    "publicMiniTicker",
    "PublicMiniTickerV3Api",
    "1 symbol 2 price 3 rate 4 zonedRate 5 high 6 low 7 volume 8 quantity 9 lastCloseRate 10 lastCloseZonedRate 11 lastCloseHigh 12 lastCloseLow",
  ],
  [310, "publicMiniTickers", "PublicMiniTickersV3Api", "1 items[]"],
  [311, "publicBookTickerBatch", "PublicBookTickerBatchV3Api", "1 items[] 2 version 3 lastOrderCreateTime"],
  [312, "publicIncreaseDepthsBatch", "PublicIncreaseDepthsBatchV3Api", "1 items[] 2 eventType"],
  [
    313,
    "publicAggreDepths",
    "PublicAggreDepthsV3Api",
    "1 asks[] 2 bids[] 3 eventType 4 fromVersion 5 toVersion 6 lastOrderCreateTime",
  ],
  [314, "publicAggreDeals", "PublicAggreDealsV3Api", "1 deals[] 2 eventType"],
  [
    315,
    "publicAggreBookTicker",
    "PublicAggreBookTickerV3Api",
    "1 bidPrice 2 bidQuantity 3 askPrice 4 askQuantity 5 version 6 lastOrderCreateTime",
  ],
];

describe("§7.4 the schema these tests decode by is the fact sheet's", () => {
  it.each(MESSAGES)("§7.4 %i %s: %s", (number, field, type, fields) => {
    expect(root.lookupType("PushDataV3ApiWrapper").fields[field]).toMatchObject({ id: number });
    const told = Object.values(root.lookupType(type).fields)
      .toSorted((left, right) => left.id - right.id)
      .map(({ id, name, repeated }) => `${id} ${name}${repeated ? "[]" : ""}`);
    expect(told.join(" ")).toContain(fields);
  });
});

const GOLDEN_DEPTH =
  "0a2f73706f74407075626c69632e61676772652e64657074682e76332e6170692e7062403130306d73404254435553" +
  "44541a074254435553445430bad2c3d1c432ca1352120d0a0839323837372e35381201301a2773706f74407075626c69632e616767" +
  "72652e64657074682e76332e6170692e7062403130306d73220b31303538393633323335392a0b3130353839363332333539";
const GOLDEN_DEAL =
  "0a1c73706f7440707269766174652e6465616c732e76332e6170692e70621a064d585553445430dc8095d4c43292" +
  "13690a06332e36393632" +
  "1201311a06332e3639363220023a1435303539373930313734333930303236323458314a1a4330325f5f3530353937393031373433" +
  "393030323632343131355215302e303030333939383337373336393639383137315a024d5860a88095d4c432";

describe("§7.4 golden frames", () => {
  const wrapper = root.lookupType("PushDataV3ApiWrapper");
  const bySchema = (hex: string) => wrapper.toObject(wrapper.decode(Buffer.from(hex, "hex")), { longs: Number });

  it("§7.4 the depth frame says what the fact sheet says", () => {
    const expected = { channel: "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT", symbol: "BTCUSDT" };
    expect(bySchema(GOLDEN_DEPTH)).toMatchObject({
      ...expected,
      sendTime: 1_736_411_507_002,
      publicAggreDepths: {
        bids: [{ price: "92877.58", quantity: "0" }],
        fromVersion: "10589632359",
        toVersion: "10589632359",
      },
    });
  });

  it("§7.4 the private deal says what the fact sheet says", () => {
    expect(bySchema(GOLDEN_DEAL)).toMatchObject({
      symbol: "MXUSDT",
      privateDeals: {
        price: "3.6962",
        quantity: "1",
        tradeType: 2,
        feeAmount: "0.0003998377369698171",
        feeCurrency: "MX",
      },
    });
  });
});

describe("§7.4 on the wire", () => {
  let venue: VenueClient;
  let stream: VenueStream;
  const CHANNELS = {
    depth: "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT",
    deals: "spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT",
    limit: "spot@public.limit.depth.v3.api.pb@BTCUSDT@5",
    top: "spot@public.aggre.bookTicker.v3.api.pb@100ms@BTCUSDT",
    kline: "spot@public.kline.v3.api.pb@BTCUSDT@Min1",
    mini: "spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+8",
  };

  beforeAll(async () => {
    venue = await openVenue({ symbolCount: 2 });
    stream = await venue.connect();
    await stream.subscribe(...Object.values(CHANNELS));
    venue.advance(30_000);
    for (let at = 0; at < 500 && stream.pushes.length < 100; at += 1)
      await new Promise((resolve) => setImmediate(resolve));
  });
  afterAll(() => venue[Symbol.asyncDispose]());

  const of = (channel: string, body: string) =>
    stream.pushes.filter((push) => push.channel === channel).map((push) => push[body] as Row);

  it("§7.4 fields come in ascending order: channel, symbol, sendTime, body", () => {
    for (const { frame } of stream.pushes) {
      const numbers = fieldNumbers(frame);
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      expect(numbers.slice(0, 2)).toEqual([1, 3]);
      expect(numbers).not.toContain(2);
    }
  });

  it("§7.4 numbers of pushes are trimmed", () => {
    const levels = of(CHANNELS.depth, "publicAggreDepths").flatMap((body) => [
      ...((body["asks"] ?? []) as readonly Row[]),
      ...((body["bids"] ?? []) as readonly Row[]),
    ]);
    expect(levels.length).toBeGreaterThan(20);
    for (const { price, quantity } of levels) {
      for (const text of [price, quantity]) expect(String(text)).toMatch(/^(0|[1-9]\d*|\d+\.\d*[1-9])$/);
    }
    expect(levels.some(({ quantity }) => quantity === "0")).toBe(true);
  });

  it("§7.4 trades: taker's side 1 or 2, milliseconds, and the id of 2026", () => {
    const trades = of(CHANNELS.deals, "publicAggreDeals").flatMap((body) => body["deals"] as readonly Row[]);
    expect(trades.length).toBeGreaterThan(5);
    for (const trade of trades) {
      expect([1, 2]).toContain(trade["tradeType"]);
      expect(trade).toMatchObject({ tradeId: expect.any(String) as string, time: expect.any(Number) as number });
    }
  });

  it("§7.4 §10.18 candles: seconds, the close before the high, and createTime", () => {
    const push = stream.pushes.findLast(({ channel }) => channel === CHANNELS.kline);
    const candle = push?.["publicSpotKline"] as Row;
    expect(push).toHaveProperty("createTime");
    expect(Number(candle["windowEnd"]) - Number(candle["windowStart"])).toBe(60);
    expect(Number(candle["windowStart"])).toBeLessThan(1e11);
    const [high, low] = [Number(candle["highestPrice"]), Number(candle["lowestPrice"])];
    for (const name of ["openingPrice", "closingPrice"]) {
      expect(Number(candle[name])).toBeLessThanOrEqual(high);
      expect(Number(candle[name])).toBeGreaterThanOrEqual(low);
    }
  });

  it("§7.4 §10.17 mini tickers: volume is the turnover in quote and quantity the volume in base", async () => {
    const mini = of(CHANNELS.mini, "publicMiniTicker").at(-1) ?? {};
    const ticker = (await venue.get("/api/v3/ticker/24hr", { symbol: "BTCUSDT" })).body as Row;
    expect(Number(mini["quantity"]) / Number(ticker["volume"])).toBeCloseTo(1, 1);
    expect(Number(mini["volume"]) / Number(ticker["quoteVolume"])).toBeCloseTo(1, 1);
  });

  it("§7.4 the version of limit.depth and of the best prices is the counter of lastUpdateId", async () => {
    const { lastUpdateId } = (await venue.get("/api/v3/depth", { symbol: "BTCUSDT" })).body as Row;
    for (const version of [
      of(CHANNELS.limit, "publicLimitDepths").at(-1)?.["version"],
      of(CHANNELS.top, "publicAggreBookTicker").at(-1)?.["version"],
    ]) {
      expect(Number(version)).toBeLessThanOrEqual(Number(lastUpdateId));
      expect(Number(lastUpdateId) - Number(version)).toBeLessThan(1_000);
    }
  });
});

/** The field numbers of a message, in the order they stand. */
function fieldNumbers(frame: Uint8Array): readonly number[] {
  const reader = protobuf.Reader.create(frame);
  const numbers: number[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    numbers.push(tag >>> 3);
    reader.skipType(tag & 7);
  }
  return numbers;
}
