import { describe, expect, it } from "vitest";
import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import { formatMoney, price } from "../../../src/core/domain/money.ts";
import { INTERVALS } from "../../../src/simulator/engine/intervals.ts";
import type { TapeTrade } from "../../../src/simulator/engine/order.ts";
import type { Fields } from "../decode-push.ts";
import { decodePush } from "../decode-push.ts";
import { runSimulation } from "../simulation-run.ts";
import { listen } from "./ear.ts";

const UNICODE = "龙虾USDT";

/** Every form of channel name of §7.3 with the body it pushes, and what eventType says where there is one. */
const CHANNELS = (symbol: string): readonly (readonly [name: string, kind: string, eventType?: string])[] => [
  ...["10ms", "100ms"].flatMap((speed) =>
    [
      ["deals", "publicAggreDeals"],
      ["depth", "publicAggreDepths"],
      ["bookTicker", "publicAggreBookTicker"],
    ].map(([topic = "", kind = ""]) => {
      const eventType = `spot@public.aggre.${topic}.v3.api.pb@${speed}`;
      return topic === "bookTicker"
        ? ([`${eventType}@${symbol}`, kind] as const)
        : ([`${eventType}@${symbol}`, kind, eventType] as const);
    }),
  ),
  ...[5, 10, 20].map((levels) => {
    const eventType = "spot@public.limit.depth.v3.api.pb";
    return [`${eventType}@${symbol}@${String(levels)}`, "publicLimitDepths", eventType] as const;
  }),
  [`spot@public.bookTicker.batch.v3.api.pb@${symbol}`, "publicBookTickerBatch"],
  ...INTERVALS.map(({ stream }) => [`spot@public.kline.v3.api.pb@${symbol}@${stream}`, "publicSpotKline"] as const),
  [`spot@public.miniTicker.v3.api.pb@${symbol}@24H`, "publicMiniTicker"],
  ["spot@public.miniTickers.v3.api.pb@UTC+8", "publicMiniTickers"],
];

describe.each(["BTCUSDT", UNICODE])("the channels of %s", (symbol) => {
  it("each push their body under their full name, with the symbol where they have one", () => {
    const run = runSimulation({ symbolCount: 8, switches: { "stream-subscriptions": "current" } });
    const ear = listen(run);
    for (const [name, kind, eventType] of CHANNELS(symbol)) {
      expect(ear.subscribe(name), name).toBe(name);
      ear.frames.length = 0;
      for (let waited = 0; waited < 120 && ear.frames.length === 0; waited += 1) run.pass(500);
      const push = decodePush(ear.frames[0] ?? new Uint8Array());
      expect(push["channel"]).toBe(name);
      expect(push["symbol"], name).toBe(name.includes("miniTickers") ? undefined : symbol);
      expect(typeof push["sendTime"], name).toBe("number");
      expect(push["createTime"] === undefined, name).toBe(kind !== "publicSpotKline");
      const body = push[kind] as Fields;
      expect(body, name).toBeDefined();
      if (eventType !== undefined) expect(body["eventType"]).toBe(eventType);
      ear.say({ method: "UNSUBSCRIPTION", params: [name] });
    }
  });
});

it("the frames of a channel come no faster than its speed", () => {
  const run = runSimulation();
  const ear = listen(run);
  for (const [topic, seconds] of [
    ["kline.v3.api.pb@BTCUSDT@Min1", 1],
    ["miniTicker.v3.api.pb@BTCUSDT@24H", 3],
  ] as const) {
    const name = `spot@public.${topic}`;
    ear.subscribe(name);
    run.pass(30_000);
    const times = ear.frames.map((frame) => Number(decodePush(frame)["sendTime"]));
    expect(times.length).toBeGreaterThanOrEqual(30 / seconds - 1);
    expect(times.length).toBeLessThanOrEqual(30 / seconds + 1);
    ear.say({ method: "UNSUBSCRIPTION", params: [name] });
    ear.frames.length = 0;
  }
});

it("limit depth and the book's top say when the newest order was made", () => {
  const run = runSimulation();
  const ear = listen(run);
  const names = ["aggre.depth.v3.api.pb@100ms", "aggre.bookTicker.v3.api.pb@100ms", "limit.depth.v3.api.pb"];
  ear.subscribe(...names.map((name) => `spot@public.${name}@BTCUSDT${name.startsWith("limit") ? "@5" : ""}`));
  run.pass(2_000);
  for (const kind of ["publicAggreDepths", "publicAggreBookTicker", "publicLimitDepths"]) {
    for (const body of ear.bodies(kind)) {
      expect(Number(body["lastOrderCreateTime"])).toBeGreaterThan(run.now() - 3_000);
      expect(Number(body["lastOrderCreateTime"])).toBeLessThanOrEqual(run.now());
    }
  }
});

it("limit depth is said when its levels change, and its version is the one of the snapshot", () => {
  const run = runSimulation();
  const ear = listen(run);
  ear.subscribe("spot@public.limit.depth.v3.api.pb@BTCUSDT@5");
  run.pass(20_000);
  const bodies = ear.bodies("publicLimitDepths");
  const contents = bodies.map((body) => JSON.stringify([body["asks"], body["bids"]]));
  expect(bodies.length).toBeGreaterThan(20);
  for (const [at, content] of contents.entries()) expect(content).not.toBe(contents[at + 1]);
  const { book } = run.exchange.market("BTCUSDT");
  expect(Number(bodies.at(-1)?.["version"])).toBeLessThanOrEqual(book.version);
  expect(bodies.at(-1)?.["bids"]).toEqual(
    book.top("BUY", 5).map(({ price, total }) => ({ price: formatMoney(price), quantity: formatMoney(total) })),
  );
});

it("the batch of tops has every top there was, in turn", () => {
  const run = runSimulation();
  const ear = listen(run);
  ear.subscribe(
    "spot@public.bookTicker.batch.v3.api.pb@BTCUSDT",
    "spot@public.aggre.bookTicker.v3.api.pb@100ms@BTCUSDT",
  );
  run.pass(20_000);
  const tops = ear.bodies("publicBookTickerBatch").flatMap((body) => body["items"] as readonly Fields[]);
  const single = ear.bodies("publicAggreBookTicker");
  expect(tops.length).toBeGreaterThan(single.length);
  for (const [at, top] of tops.entries()) expect(top).not.toEqual(tops[at + 1]);
  const { version: _version, lastOrderCreateTime: _time, ...last } = single.at(-1) ?? {};
  expect(tops.at(-1)).toEqual(last);
});

describe("the retired increase.depth.batch", () => {
  const name = "spot@public.increase.depth.batch.v3.api.pb@BTCUSDT";

  it("is blocked", () => {
    expect(listen(runSimulation()).subscribe(name)).toBe(`Not Subscribed successfully! [${name}].  Reason： Blocked! `);
  });

  it("with the switch has every change with its own version", () => {
    const run = runSimulation({ switches: { "depth-batch-channel": "served" } });
    const ear = listen(run);
    expect(ear.subscribe(name)).toBe(name);
    const before = run.exchange.market("BTCUSDT").book.version;
    run.pass(3_000);
    const items = ear.bodies("publicIncreaseDepthsBatch").flatMap((body) => body["items"] as readonly Fields[]);
    expect(items.map((item) => Number(item["version"]))).toEqual(
      Array.from({ length: run.exchange.market("BTCUSDT").book.version - before }, (_, at) => before + 1 + at),
    );
    for (const item of items) {
      expect(((item["asks"] ?? []) as unknown[]).length + ((item["bids"] ?? []) as unknown[]).length).toBe(1);
    }
  });
});

describe("mini tickers", () => {
  it("know every zone of the venue, and no name without one", () => {
    const run = runSimulation({ switches: { "stream-subscriptions": "current" } });
    const ear = listen(run);
    const zones = [
      ...["24H", "UTC-10", "UTC-8", "UTC-7", "UTC-6", "UTC-5", "UTC-4", "UTC-3", "UTC+4:30", "UTC+5:30", "UTC+12:45"],
      ...Array.from({ length: 14 }, (_, hours) => `UTC+${hours}`),
    ];
    for (const zone of zones) {
      const name = `spot@public.miniTicker.v3.api.pb@BTCUSDT@${zone}`;
      expect(ear.subscribe(name)).toBe(name);
    }
    for (const name of ["spot@public.miniTicker.v3.api.pb@BTCUSDT", "spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC-9"]) {
      expect(ear.subscribe(name)).toContain("Blocked!");
    }
  });

  it("tell the rates of the day in UTC+8 and in the zone, with turnover as volume", () => {
    const at = (hour: number, price: number): TapeTrade => ({
      tradeId: String(hour),
      price: (BigInt(price) * 10n ** 18n) as Price,
      quantity: (2n * 10n ** 18n) as Quantity,
      takerSide: "BUY",
      time: Date.UTC(2021, 0, 8, hour),
    });
    // In UTC+8 the day begins at 16:00 UTC, in UTC+12 at 12:00.
    const trades = [at(1, 50), at(11, 100), at(13, 200), at(15, 250), at(17, 400), at(20, 500)];
    const run = runSimulation({ replay: { symbol: "BTCUSDT", trades, speed: 0, originalTimes: true } });
    const ear = listen(run);
    ear.subscribe("spot@public.miniTicker.v3.api.pb@BTCUSDT@UTC+12");
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(4_000);
    expect(ear.bodies("publicMiniTicker").at(-1)).toEqual({
      symbol: "BTCUSDT",
      price: "500",
      // From 400, the first price of that day, and from 250, the last one before it.
      rate: "0.25",
      lastCloseRate: "1",
      // From 200 and 100.
      zonedRate: "1.5",
      lastCloseZonedRate: "4",
      high: "500",
      low: "50",
      lastCloseHigh: "500",
      lastCloseLow: "50",
      volume: "3000",
      quantity: "12",
    });
  });

  it("carry all markets in one frame, new ones too", () => {
    const run = runSimulation();
    const ear = listen(run);
    ear.subscribe("spot@public.miniTickers.v3.api.pb@24H");
    const told = () => {
      run.pass(3_000);
      const items = (ear.bodies("publicMiniTickers").at(-1)?.["items"] ?? []) as readonly Fields[];
      return items.map((item) => item["symbol"]);
    };
    expect(told()).toEqual([...run.exchange.markets.keys()]);
    const script = { symbol: "NEWUSDT", quote: "USDT", price: price("1"), rowInMs: 0, openInMs: 60_000 };
    run.simulation.listings.add(script, run.now());
    expect(told()).toContain("NEWUSDT");
  });
});
