import { describe, expect, it } from "vitest";
import { add, formatMoney, price, quantity } from "../../../src/core/domain/money.ts";
import type { Quantity } from "../../../src/core/domain/money.ts";
import { parseChannel } from "../../../src/simulator/streams/channel.ts";
import type { Fields } from "../decode-push.ts";
import { decodePush } from "../decode-push.ts";
import { runSimulation } from "../simulation-run.ts";
import { listen } from "./ear.ts";
import { pushFault } from "./push-fault.ts";

const DEPTH = "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT";
const DEALS = "spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT";
/** What is usual in the orders placed here. */
const BUY = {
  symbol: "BTCUSDT",
  side: "BUY",
  price: undefined,
  quoteOrderQty: undefined,
  clientOrderId: undefined,
} as const;
const BTC_STEP = quantity("0.00000001");
const TOP = "spot@public.aggre.bookTicker.v3.api.pb@10ms@BTCUSDT";

describe("the control conversation", () => {
  it("answers PING in either case, and echoes the id", () => {
    const { say } = listen(runSimulation());
    expect(say({ method: "PING" })).toEqual({ id: 0, code: 0, msg: "PONG" });
    expect(say({ method: "ping", id: 9 })).toEqual({ id: 9, code: 0, msg: "PONG" });
  });

  it("names the accepted channels, and refuses with code 0 and the venue's text", () => {
    const { say, subscribe } = listen(runSimulation());
    expect(say({ method: "SUBSCRIPTION", params: [DEPTH, DEALS], id: 3 })).toEqual({
      id: 3,
      code: 0,
      msg: `${DEALS},${DEPTH}`,
    });
    expect(subscribe(DEALS)).toBe(`Not Subscribed successfully! [${DEALS}].  Reason： Blocked! `);
    expect(subscribe("spot@nonsense", TOP)).toBe(
      `Subscribed successful! [${TOP}]. Not Subscribed successfully! [spot@nonsense].  Reason： Blocked! `,
    );
    expect(subscribe()).toBe("Not Subscribed successfully! [].");
    expect(say({ method: "UNSUBSCRIPTION", params: [DEALS] }).msg).toBe(DEALS);
    expect(subscribe(DEALS)).toBe(DEALS);
  });

  it.each([
    "spot@public.aggre.deals.v3.api.pb@100ms@btcusdt",
    "spot@public.aggre.deals.v3.api.pb@100ms@NOSUCHUSDT",
    "spot@public.aggre.deals.v3.api.pb@50ms@BTCUSDT",
    "spot@public.kline.v3.api.pb@BTCUSDT@1m",
    "spot@public.limit.depth.v3.api.pb@BTCUSDT@50",
    "spot@public.miniTickers.v3.api.pb",
    "spot@public.miniTickers.v3.api.pb@UTC+14",
    "spot@private.orders.v3.api.pb",
    "spot@public.deals.v3.api@BTCUSDT",
  ])("blocks %s", (channel) => {
    expect(listen(runSimulation()).subscribe(channel)).toContain("Blocked!");
  });

  it("takes thirty subscriptions and no more", () => {
    const { subscribe, session } = listen(runSimulation());
    const names = ["UTC-10", "UTC-8", "UTC-7", "UTC-6", "UTC-5", "UTC-4", "UTC-3", "24H"].concat(
      ["0", "1", "2", "3", "4", "4:30", "5", "5:30", "6", "7", "8", "9", "10", "11", "12", "12:45", "13"].map(
        (hours) => `UTC+${hours}`,
      ),
    );
    subscribe(...names.map((zone) => `spot@public.miniTickers.v3.api.pb@${zone}`));
    subscribe(DEPTH, DEALS, TOP, "spot@public.kline.v3.api.pb@BTCUSDT@Min1");
    expect(session.subscriptionCount).toBe(29);
    expect(subscribe("spot@public.kline.v3.api.pb@BTCUSDT@Min5", "spot@public.kline.v3.api.pb@BTCUSDT@Day1")).toMatch(
      /^Subscribed successful! \[.*Min5\]\. Not Subscribed successfully! \[.*Day1\]/u,
    );
  });

  it("counts them cumulatively: giving one back makes no room, unless the switch says so", () => {
    const name = (zone: string) => `spot@public.miniTickers.v3.api.pb@${zone}`;
    for (const [reading, isRoom] of [
      ["cumulative", false],
      ["current", true],
    ] as const) {
      const { say, subscribe } = listen(runSimulation({ switches: { "stream-subscriptions": reading } }));
      for (let count = 0; count < 30; count += 1) {
        expect(subscribe(name("24H")), reading).toBe(name("24H"));
        say({ method: "UNSUBSCRIPTION", params: [name("24H")] });
      }
      expect(subscribe(name("24H")) === name("24H"), reading).toBe(isRoom);
    }
  });

  it("does not count what it refused", () => {
    const { subscribe } = listen(runSimulation());
    for (let count = 0; count < 40; count += 1) subscribe("spot@nonsense");
    expect(subscribe(DEPTH)).toBe(DEPTH);
  });

  it("says so when it cannot read a message", () => {
    const { session } = listen(runSimulation());
    expect(session.receive("{")).toBe('{"id":0,"code":0,"msg":"msg format invalid"}');
  });
});

describe("the depth stream", () => {
  it("has contiguous versions, and snapshot plus pushes give the book", () => {
    const run = runSimulation();
    const { book } = run.exchange.market("BTCUSDT");
    const ear = listen(run);
    ear.subscribe(DEPTH);
    run.pass(330);
    // As a client does it: the snapshot lands inside the range of a push.
    const snapshot = { version: book.version, levels: levelsOf(book) };
    run.pass(20_000);
    const pushes = ear.bodies("publicAggreDepths");
    expect(pushes.length).toBeGreaterThan(150);
    const local = new Map<string, string>(snapshot.levels);
    let last: number | undefined;
    for (const push of pushes) {
      const [from, to] = [Number(push["fromVersion"]), Number(push["toVersion"])];
      if (last !== undefined) expect(from).toBe(last + 1);
      last = to;
      if (to < snapshot.version) continue;
      for (const side of ["asks", "bids"] as const) {
        for (const item of (push[side] ?? []) as readonly Fields[]) {
          const key = `${side} ${String(item["price"])}`;
          if (item["quantity"] === "0") local.delete(key);
          else local.set(key, String(item["quantity"]));
        }
      }
    }
    expect(last).toBe(book.version);
    expect(local).toEqual(new Map<string, string>(levelsOf(book)));
  });

  it("has a gap when pushes are dropped", () => {
    const run = runSimulation();
    const ear = listen(run);
    ear.subscribe(DEPTH);
    run.pass(500);
    run.hub.faults.add(pushFault({ kind: "drop-push", symbol: "BTCUSDT", count: 2 }));
    run.pass(1_000);
    const pushes = ear.bodies("publicAggreDepths");
    const gaps = pushes.filter((push, at) => {
      const before = pushes[at - 1];
      return before !== undefined && Number(push["fromVersion"]) !== Number(before["toVersion"]) + 1;
    });
    expect(gaps).toHaveLength(1);
  });
});

describe("the other streams", () => {
  it("the tape says every trade once and in order", () => {
    const run = runSimulation();
    const ear = listen(run);
    ear.subscribe(DEALS);
    run.pass(20_000);
    const heard = ear.bodies("publicAggreDeals").flatMap((body) => body["deals"] as readonly Fields[]);
    const printed = run.tape.filter(({ symbol }) => symbol === "BTCUSDT").map(({ trade }) => trade);
    expect(heard.map((deal) => deal["tradeId"])).toEqual(printed.map((trade) => trade.tradeId));
    expect(heard.map((deal) => deal["price"])).toEqual(printed.map((trade) => formatMoney(trade.price)));
  });

  it("says each candle as it ended, also those that a fast recording passes between two pushes", () => {
    const begin = Date.UTC(2021, 0, 8);
    const trades = [0, 10, 61, 62, 185].map((second, at) => ({
      tradeId: String(at),
      price: price(String(100 + at)),
      quantity: quantity("1"),
      takerSide: "BUY" as const,
      time: begin + second * 1_000,
    }));
    const run = runSimulation({ replay: { symbol: "BTCUSDT", trades, speed: 0, originalTimes: true } });
    const ear = listen(run);
    ear.subscribe("spot@public.kline.v3.api.pb@BTCUSDT@Min1");
    run.simulation.noteListener("BTCUSDT", run.now());
    run.pass(2_000);
    expect(
      ear.bodies("publicSpotKline").map((row) => [row["windowStart"], row["closingPrice"], row["volume"]]),
    ).toEqual([
      [begin / 1_000, "101", "2"],
      [begin / 1_000 + 60, "103", "2"],
      [begin / 1_000 + 180, "104", "1"],
    ]);
  });

  it("each says the present state soon after somebody subscribes", () => {
    const run = runSimulation();
    const ear = listen(run);
    run.pass(5_000);
    ear.subscribe(
      TOP,
      "spot@public.limit.depth.v3.api.pb@BTCUSDT@5",
      "spot@public.bookTicker.batch.v3.api.pb@BTCUSDT",
      "spot@public.kline.v3.api.pb@BTCUSDT@Min60",
      "spot@public.miniTicker.v3.api.pb@BTCUSDT@24H",
      "spot@public.miniTickers.v3.api.pb@UTC+8",
    );
    run.pass(100);
    expect(ear.bodies("publicAggreBookTicker").length).toBeGreaterThan(0);
    expect(ear.bodies("publicLimitDepths")[0]?.["asks"]).toHaveLength(5);
    expect(ear.bodies("publicBookTickerBatch").length).toBeGreaterThan(0);
    expect(ear.bodies("publicSpotKline")[0]).toMatchObject({ interval: "Min60" });
    expect(ear.bodies("publicMiniTicker")[0]).toMatchObject({ symbol: "BTCUSDT" });
    expect(ear.bodies("publicMiniTickers")[0]?.["items"]).toHaveLength(4);
  });

  it("encodes once for all who listen, and nothing for those who left", () => {
    const run = runSimulation();
    const [one, other] = [listen(run), listen(run)];
    one.subscribe(DEPTH);
    other.subscribe(DEPTH);
    run.pass(200);
    expect(one.frames.length).toBeGreaterThan(0);
    expect(one.frames[0]).toBe(other.frames[0]);
    one.session.close();
    const before = one.frames.length;
    run.pass(500);
    expect(one.frames).toHaveLength(before);
    expect(other.frames.length).toBeGreaterThan(before);
  });

  it("private channels tell an account about itself only, orders before fills before balances", () => {
    const run = runSimulation();
    const [mine, others] = [listen(run, "me"), listen(run, "other")];
    for (const ear of [mine, others]) {
      ear.subscribe(...["account", "deals", "orders"].map((topic) => `spot@private.${topic}.v3.api.pb`));
    }
    run.exchange.deposit("me", "USDT", (10n ** 21n) as Quantity);
    run.exchange.place("me", {
      ...BUY,
      type: "MARKET",
      quantity: (10n ** 15n) as Quantity,
      clientOrderId: "mine-1",
    });
    const channels = mine.frames.map((frame) => String(decodePush(frame)["channel"]).split(/[@.]/)[2]);
    expect(channels).toEqual(["account", "orders", "account", "orders", "deals", "account", "account"]);
    expect(mine.bodies("privateOrders").map((order) => [order["clientId"], order["status"]])).toEqual([
      ["mine-1", 1],
      ["mine-1", 2],
    ]);
    expect(others.frames).toEqual([]);
  });

  it("with the switch tells balances before fills before orders, each channel still in its order", () => {
    const run = runSimulation({ switches: { "private-push-order": "backwards" } });
    const mine = listen(run, "me");
    mine.subscribe(...["account", "deals", "orders"].map((topic) => `spot@private.${topic}.v3.api.pb`));
    run.exchange.deposit("me", "USDT", quantity("1000000"));
    mine.frames.length = 0;
    // More than the best level has.
    const [best, next] = run.exchange.market("BTCUSDT").book.top("SELL", 2);
    if (best === undefined || next === undefined) throw new Error("the makers are gone");
    run.exchange.place("me", {
      ...BUY,
      type: "IMMEDIATE_OR_CANCEL",
      quantity: add(best.total, BTC_STEP),
      price: next.price,
    });
    const channels = mine.frames.map((frame) => String(decodePush(frame)["channel"]).split(/[@.]/)[2]);
    expect([...new Set(channels)]).toEqual(["account", "deals", "orders"]);
    expect(mine.bodies("privateDeals").length).toBeGreaterThan(1);
    const executed = mine.bodies("privateOrders").map((order) => Number(order["cumulativeQuantity"]));
    expect(executed).toEqual(executed.toSorted((one, other) => one - other));
    expect(mine.bodies("privateOrders")[0]).toMatchObject({ status: 1 });
  });

  it("a stalled feed is silent and tells the rest afterwards", () => {
    const run = runSimulation();
    const ear = listen(run, "me");
    ear.subscribe(DEPTH, "spot@private.account.v3.api.pb");
    run.pass(200);
    const before = ear.frames.length;
    run.hub.faults.stall({ channel: "" }, run.now() + 1_000);
    run.exchange.deposit("me", "USDT", 1n as Quantity);
    run.pass(900);
    expect(ear.frames).toHaveLength(before);
    run.pass(300);
    expect(ear.bodies("privateAccount")).toHaveLength(1);
    expect(ear.frames.length).toBeGreaterThan(before + 1);
  });
});

it("a channel name carries a symbol that is not ASCII", () => {
  expect(parseChannel("spot@public.kline.v3.api.pb@龙虾USDT@Hour4")).toMatchObject({
    kind: "kline",
    symbol: "龙虾USDT",
  });
});

function levelsOf(book: ReturnType<ReturnType<typeof runSimulation>["exchange"]["market"]>["book"]) {
  return [
    ...book.top("SELL", 1_000).map((level) => [`asks ${formatMoney(level.price)}`, formatMoney(level.total)] as const),
    ...book.top("BUY", 1_000).map((level) => [`bids ${formatMoney(level.price)}`, formatMoney(level.total)] as const),
  ];
}
