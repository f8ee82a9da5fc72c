import { describe, expect, it } from "vitest";
import { clientOrderId, orderId, tradeId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import { backfillAccount } from "../../../src/core/use-cases/backfill-account.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { fill, limitBuy, NOW, report } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;

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

describe("the back-fill", () => {
  it("finds an order that was placed elsewhere and filled while nobody told us", async () => {
    const exchange = await setup();
    exchange.orders.set("elsewhere-1", foreign());
    exchange.fills.push(foreignFill);
    await backfillAccount(exchange.context, () => NOW, signal);
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
    await backfillAccount(exchange.context, () => NOW, signal);
    await backfillAccount(exchange.context, () => NOW, signal);
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
    await backfillAccount({ ...exchange.context, accountData }, () => NOW, signal);
    const found = exchange.context.ledger().orders.get(clientOrderId("elsewhere-1"));
    expect(found).toMatchObject({ state: "filled", filledQuantity: quantity("0.1") });
  });

  it("asks with an overlap, about no symbol we never traded, and no further back than the lists reach", async () => {
    const exchange = await setup();
    const asked: (number | undefined)[] = [];
    const accountData = {
      ...exchange.context.accountData,
      fetchFills: (query: { readonly symbol: string; readonly since?: number }) => {
        asked.push(query.since);
        return Promise.resolve([]);
      },
    };
    await backfillAccount({ ...exchange.context, accountData }, () => NOW, signal);
    await backfillAccount({ ...exchange.context, accountData }, () => undefined, signal);
    expect(asked).toEqual([NOW - 120_000, NOW - (7 * 24 - 1) * 3_600_000]);
    const idle = createFakeExchange();
    await backfillAccount({ ...idle.context, accountData }, () => NOW, signal);
    expect(asked).toHaveLength(2);
  });

  it("leaves no half behind when the exchange goes away: the next one brings the rest", async () => {
    const exchange = await setup();
    exchange.orders.set("elsewhere-1", foreign());
    exchange.fills.push(foreignFill);
    exchange.setUnreachable(true);
    await expect(backfillAccount(exchange.context, () => NOW, signal)).rejects.toMatchObject({
      code: "EXCHANGE_UNAVAILABLE",
    });
    exchange.setUnreachable(false);
    await backfillAccount(exchange.context, () => NOW, signal);
    expect(exchange.context.ledger().fills.has(tradeId("t-77"))).toBe(true);
  });
});
