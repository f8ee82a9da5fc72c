import { describe, expect, it } from "vitest";
import { clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import type { ArchiveRange } from "../../../src/core/domain/archive.ts";
import type { TradingContext } from "../../../src/core/use-cases/trading-context.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { pullArchive } from "../../../src/core/use-cases/pull-archive.ts";
import { BTCUSDT, fill, limitBuy, NOW, report } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { symbol } = BTCUSDT;
const whole = (kind: ArchiveRange["kind"], until: number): ArchiveRange => ({ symbol, kind, from: until - 1, until });
const WHOLE_TILL_NOW = [whole("orders", NOW), whole("fills", NOW)];

function pull(context: TradingContext, known: readonly ArchiveRange[] = WHOLE_TILL_NOW) {
  const stored = (since: number) => [...context.ledger().fills.values()].filter(({ at }) => at >= since);
  return pullArchive(context, symbol, known, stored, signal);
}

/** An exchange on which we have an order of our own, so that its symbol is one we trade. */
async function setup() {
  const exchange = createFakeExchange();
  await placeOrder(exchange.context, limitBuy(), signal);
  return exchange;
}

const foreign = (over: object = {}) =>
  report({
    orderId: orderId("C02__77"),
    clientOrderId: clientOrderId("elsewhere-1"),
    status: "filled",
    executedQuantity: quantity("0.1"),
    executedNotional: notional("6500"),
    ...over,
  });
const foreignFill = fill({
  tradeId: tradeId("t-77"),
  orderId: orderId("C02__77"),
  clientOrderId: clientOrderId("elsewhere-1"),
  quantity: quantity("0.1"),
});

describe("pulling the archive of a market", () => {
  it("finds an order that was placed elsewhere and filled while nobody told us", async () => {
    const exchange = await setup();
    exchange.orders.set("elsewhere-1", foreign());
    exchange.fills.push(foreignFill);
    await pull(exchange.context);
    const found = exchange.context.ledger().orders.get(clientOrderId("elsewhere-1"));
    expect(found).toMatchObject({ origin: "foreign", state: "filled", filledQuantity: quantity("0.1") });
  });

  it("brings fills of an order once, however often they are told", async () => {
    const exchange = await setup();
    const held = exchange.orders.get("td-1");
    if (held === undefined) throw new Error("no order");
    exchange.orders.set("td-1", { ...held, status: "partially-filled", executedQuantity: quantity("0.04") });
    exchange.fills.push(fill());
    exchange.context.publish([
      { type: "fill-recorded", clientOrderId: clientOrderId("td-1"), fill: fill(), source: "stream" },
    ]);
    await pull(exchange.context);
    await pull(exchange.context);
    expect(exchange.context.ledger().fills.size).toBe(1);
    expect(exchange.context.ledger().orders.get(clientOrderId("td-1"))?.filledQuantity).toBe(quantity("0.04"));
    expect(exchange.journal.filter((event) => event.type === "fill-recorded")).toHaveLength(1);
  });

  it("looks up the order of a fill when the list of orders does not name it", async () => {
    const exchange = await setup();
    exchange.fills.push(foreignFill);
    const fromList = exchange.context.accountData.fetchOrders.bind(exchange.context.accountData);
    const accountData = {
      ...exchange.context.accountData,
      fetchOrders: async (...query: Parameters<typeof fromList>) =>
        (await fromList(...query)).filter((row) => row.orderId !== "C02__77"),
    };
    exchange.orders.set("elsewhere-1", foreign());
    await pull({ ...exchange.context, accountData });
    const found = exchange.context.ledger().orders.get(clientOrderId("elsewhere-1"));
    expect(found).toMatchObject({ state: "filled", filledQuantity: quantity("0.1") });
  });

  it("asks with an overlap, and no further back than each list reaches", async () => {
    const exchange = await setup();
    const asked: (number | undefined)[] = [];
    const accountData = {
      ...exchange.context.accountData,
      fetchOrders: (query: { readonly since?: number }) => {
        asked.push(query.since);
        return Promise.resolve([]);
      },
      fetchFills: (query: { readonly since?: number }) => {
        asked.push(query.since);
        return Promise.resolve([]);
      },
    };
    await pull({ ...exchange.context, accountData });
    await pull({ ...exchange.context, accountData }, []);
    expect(asked).toEqual([NOW - 120_000, NOW - 120_000, NOW - 7 * DAY_MS + HOUR_MS, NOW - 30 * DAY_MS + HOUR_MS]);
  });

  it.each([
    ["a day", DAY_MS, []],
    ["eight days", 8 * DAY_MS, ["orders"]],
    ["forty days", 40 * DAY_MS, ["orders", "fills"]],
  ])("names what can no longer be had after %s away, in the journal too", async (_away, awayMs, kinds) => {
    const exchange = await setup();
    const last = NOW - awayMs;
    const { holes, ranges } = await pull(exchange.context, [whole("orders", last), whole("fills", last)]);
    expect(holes.map(({ kind }) => kind)).toEqual(kinds);
    expect(holes.every(({ from }) => from === last)).toBe(true);
    expect(exchange.journal.filter(({ type }) => type === "archive-hole-found")).toHaveLength(kinds.length);
    expect(ranges.map(({ until }) => until)).toEqual([NOW, NOW]);
  });

  it("calls for a person over a fill of ours that the exchange does not list, until it does", async () => {
    const exchange = await setup();
    exchange.context.publish([
      { type: "fill-recorded", clientOrderId: clientOrderId("td-1"), fill: fill(), source: "stream" },
    ]);
    const open = () => [...exchange.context.ledger().differences.values()].map(({ kind, subject }) => [kind, subject]);
    // Too young to be missed: lists lag behind the stream.
    expect((await pull(exchange.context, [])).differences).toEqual([]);
    exchange.advance(120_000);
    await pull(exchange.context, []);
    expect(open()).toEqual([["fill-unknown-there", "t-1"]]);
    expect(exchange.context.ledger().fills.size).toBe(1);
    exchange.fills.push(fill());
    await pull(exchange.context, []);
    expect(open()).toEqual([]);
  });

  it("leaves no half behind when the exchange goes away: the next one brings the rest", async () => {
    const exchange = await setup();
    exchange.orders.set("elsewhere-1", foreign());
    exchange.fills.push(foreignFill);
    exchange.setUnreachable(true);
    await expect(pull(exchange.context)).rejects.toMatchObject({
      code: "EXCHANGE_UNAVAILABLE",
    });
    exchange.setUnreachable(false);
    await pull(exchange.context);
    expect(exchange.context.ledger().fills.has(tradeId("t-77"))).toBe(true);
  });
});
