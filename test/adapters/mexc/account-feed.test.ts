import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { AccountFeedEvent } from "../../../src/core/ports/account-feed.ts";
import { createAccountFeed } from "../../../src/adapters/mexc/ws/account-feed.ts";
import type { ListenKeys } from "../../../src/adapters/mexc/ws/listen-key.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { createManualClock } from "../../manual-clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, QUIET, startStreamVenue, until } from "./stream-venue.ts";

const ORDERS = "spot@private.orders.v3.api.pb";
const signal = new AbortController().signal;

let venue: StreamVenue;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(async () => {
  venue = await startStreamVenue();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await venue.close();
});

function open(over: { readonly keepAlive?: () => Promise<void>; readonly clock?: Clock } = {}) {
  const events: AccountFeedEvent[] = [];
  const keys = { created: 0, removed: [] as string[], kept: [] as string[] };
  const listenKeys: ListenKeys = {
    create: () => Promise.resolve(`key${(keys.created += 1)}`),
    keepAlive: async (key) => {
      keys.kept.push(key);
      await over.keepAlive?.();
    },
    remove: (key) => {
      keys.removed.push(key);
      return Promise.resolve();
    },
  };
  const feed = createAccountFeed({
    wsUrl: venue.url,
    listenKeys,
    clock: over.clock ?? createSystemClock(),
    random: () => 1,
    logger: QUIET,
    timings: { firstRetryMs: 4, longestRetryMs: 64 },
  });
  cleanups.push(() => feed.close());
  const waits = () =>
    events.flatMap((it) => (it.type === "connection" && it.state.kind === "waiting" ? [it.state.retryInMs] : []));
  const connects = () => events.filter((it) => it.type === "connection" && it.state.kind === "connected").length;
  return { feed, events, keys, waits, connects, start: () => feed.start((event) => events.push(event), signal) };
}

describe("the private stream", () => {
  it("has started once its three channels are answered", async () => {
    const { start, connects } = open();
    await start();
    expect(connects()).toBe(1);
    expect(venue.sockets[0]?.url).toBe("/ws?listenKey=key1");
    expect(venue.sockets[0]?.messages.map((it) => it.params?.[0])).toHaveLength(3);
  });

  it("tells of orders, fills and balances, and leaves out what cannot be trusted", async () => {
    const { feed, start, events } = open();
    await start();
    const head = { channel: ORDERS, symbol: "BTCUSDT", sendTime: 9 };
    const order = {
      id: "C02__1",
      clientId: "td-1",
      quantity: "1",
      orderType: 1,
      tradeType: 1,
      status: 1,
      createTime: 7,
    };
    const deal = { price: "2", quantity: "1", amount: "2", tradeType: 2, tradeId: "t1", orderId: "C02__1", time: 8 };
    venue.push({ ...head, privateOrders: { ...order, tradeType: 7 } });
    venue.push({ ...head, privateOrders: { ...order, status: 9 } });
    venue.push({ ...head, privateOrders: { ...order, id: "" } });
    venue.push({ ...head, privateDeals: { ...deal, tradeId: "" } });
    venue.push({ ...head, privateDeals: { ...deal, price: "-2" } });
    venue.push({ ...head, privateOrders: order });
    venue.push({ ...head, privateDeals: deal });
    venue.push({ ...head, privateAccount: { vcoinName: "USDT", balanceAmount: "5", time: 9 } });
    await until(() => expect(events.at(-1)?.type).toBe("balance"));
    expect(events.flatMap((it) => (it.type === "connection" || it.type === "missed" ? [] : [it.type]))).toEqual([
      "order-report",
      "fill",
      "balance",
    ]);
    expect(feed.health().poison).toBe(5);
    // What could not be read is lost on the stream, so each asks for a look at the account.
    expect(events.filter((it) => it.type === "missed")).toHaveLength(5);
  });

  it("takes a new key when the exchange no longer knows the old one", async () => {
    venue.greeting = (url) => (url.endsWith("key1") ? "Invalid listen key" : undefined);
    const { start, keys, connects } = open();
    await start();
    expect(connects()).toBe(1);
    expect(keys.created).toBe(2);
  });

  it("waits longer and longer while no key is taken", async () => {
    venue.greeting = () => "Invalid listen key";
    const { start, feed, waits } = open();
    const started = start();
    await until(() => expect(waits().length).toBeGreaterThan(4));
    expect(waits().slice(0, 5)).toEqual([4, 8, 16, 32, 64]);
    venue.greeting = () => undefined;
    await started;
    await feed.close();
  });

  it("is not connected while one of its channels is refused, and keeps asking for it", async () => {
    let refusals = 3;
    venue.answer = (message, it, socket) => {
      if (message.params?.[0] !== ORDERS || refusals === 0) return agree(message, it, socket);
      refusals -= 1;
      return ack(message.id, `Not Subscribed successfully! [${ORDERS}].  Reason： Blocked! `);
    };
    const { start, connects } = open();
    await start();
    expect(connects()).toBe(1);
    expect(venue.sockets.length).toBeGreaterThan(3);
    expect(new Set(venue.sockets.at(-1)?.messages.map((it) => it.params?.[0])).size).toBe(3);
  });

  it("gives back each key it leaves, also when none of them comes to stream, and never more than once", async () => {
    venue.answer = (message, it, socket) =>
      message.params?.[0] === ORDERS
        ? ack(message.id, `Not Subscribed successfully! [${ORDERS}].  Reason： Blocked! `)
        : agree(message, it, socket);
    const { feed, start, keys } = open();
    const started = start();
    await until(() => expect(keys.created).toBeGreaterThan(6));
    expect(keys.removed.length).toBeGreaterThanOrEqual(keys.created - 2);
    await feed.close();
    await started;
    expect(keys.removed.toSorted()).toEqual(Array.from({ length: keys.created }, (_, at) => `key${at + 1}`).toSorted());
  });

  it("reconnects with the key it keeps alive", async () => {
    const { start, keys, connects } = open();
    await start();
    venue.sockets[0]?.socket.terminate();
    await until(() => expect(connects()).toBe(2));
    expect(keys.created).toBe(1);
  });

  describe("keeps its key alive", () => {
    const MINUTE = 60_000;
    const down = new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "down", exitCode: EXIT_CODES.unavailable });

    it("every 25 minutes, so that it never ends", async () => {
      const time = createManualClock();
      const { start, keys } = open({ clock: time.clock });
      await start();
      await time.advance(3 * 60 * MINUTE);
      expect(keys.kept).toHaveLength(7);
      expect([...new Set(keys.kept)]).toEqual(["key1"]);
      expect(keys.created).toBe(1);
    });

    it("through failures, and by a new key before the old one can have ended", async () => {
      const time = createManualClock();
      const { start, keys, connects } = open({ clock: time.clock, keepAlive: () => Promise.reject(down) });
      await start();
      await time.advance(54 * MINUTE);
      expect(keys.created).toBe(1);
      expect(keys.kept.length).toBeGreaterThan(20);
      await until(async () => {
        await time.advance(500);
        expect(connects()).toBe(2);
      });
      expect(keys.created).toBe(2);
      expect(venue.sockets.map((it) => it.url)).toEqual(["/ws?listenKey=key1", "/ws?listenKey=key2"]);
      // The old key goes only once nothing streams by it any more.
      expect(keys.removed).toEqual(["key1"]);
    });

    it("or takes another at once when the exchange refuses it, without a moment unheard", async () => {
      const time = createManualClock();
      const refused = new AppError({ code: "VENUE_REFUSAL", message: "no", exitCode: EXIT_CODES.rejected });
      const { start, keys, connects, waits } = open({ clock: time.clock, keepAlive: () => Promise.reject(refused) });
      await start();
      await time.advance(25 * MINUTE);
      await until(async () => {
        await time.advance(500);
        expect(connects()).toBe(2);
      });
      expect(keys.kept).toEqual(["key1"]);
      expect(waits()).toEqual([]);
      await until(() => expect(venue.open).toBe(1));
    });
  });

  it("gives its key back when closed", async () => {
    const { feed, start, keys } = open();
    await start();
    await feed.close();
    expect(keys.removed).toEqual(["key1"]);
    await until(() => expect(venue.open).toBe(0));
  });
});
