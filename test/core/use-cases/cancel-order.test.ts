import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import { cancelOrder } from "../../../src/core/use-cases/cancel-order.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { fill, limitBuy } from "../domain/samples.ts";
import type { Fate } from "./fake-exchange.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;
const ID = clientOrderId("td-1");

async function withOpenOrder() {
  const exchange = createFakeExchange();
  await placeOrder(exchange.context, limitBuy(), signal);
  return exchange;
}

describe("cancelling an order", () => {
  it.each<[Fate, string, string]>([
    ["answer", "requested", "cancelled"],
    ["refuse", "rejected", "open"],
    ["never-sent", "not-sent", "open"],
    ["lose-request", "unknown", "cancelling"],
    ["lose-answer", "unknown", "cancelling"],
  ])("meets %s with %s and holds the order as %s", async (fate, kind, state) => {
    const exchange = await withOpenOrder();
    exchange.next(fate);
    const result = await cancelOrder(exchange.context, ID, signal);
    expect(result).toMatchObject({ kind, order: { state } });
  });

  it("finds that an order the exchange no longer knows as open has filled", async () => {
    const exchange = await withOpenOrder();
    const held = exchange.orders.get("td-1");
    if (held === undefined) throw new Error("no order");
    const done = { status: "filled", executedQuantity: quantity("0.1"), executedNotional: notional("6500") } as const;
    exchange.orders.set("td-1", { ...held, ...done });
    exchange.fills.push(fill({ quantity: quantity("0.1") }));
    const result = await cancelOrder(exchange.context, ID, signal);
    expect(result).toMatchObject({
      kind: "already-ended",
      order: { state: "filled", filledQuantity: quantity("0.1") },
    });
  });

  it("stays cancelling on a yes while the exchange cannot be asked", async () => {
    const exchange = await withOpenOrder();
    exchange.setUnreachable(true);
    expect(await cancelOrder(exchange.context, ID, signal)).toMatchObject({
      kind: "requested",
      order: { state: "cancelling" },
    });
  });

  it("sends nothing for an order that has ended, and knows nothing of a stranger", async () => {
    const exchange = await withOpenOrder();
    await cancelOrder(exchange.context, ID, signal);
    expect(await cancelOrder(exchange.context, ID, signal)).toMatchObject({ kind: "already-ended" });
    expect(await cancelOrder(exchange.context, clientOrderId("nobody"), signal)).toEqual({ kind: "not-found" });
  });
});
