import { describe, expect, it } from "vitest";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import type { OrderReport } from "../../../src/core/domain/order.ts";
import { cancelOrder } from "../../../src/core/use-cases/cancel-order.ts";
import { reconcileAccount } from "../../../src/core/use-cases/reconcile-account.ts";
import { refreshOrder } from "../../../src/core/use-cases/refresh-order.ts";
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

describe("a cancel that never took effect", () => {
  const WINDOW_MS = 5_000;
  const MARGIN_MS = 11_000;
  const PART = {
    status: "partially-filled",
    executedQuantity: quantity("0.04"),
    executedNotional: notional("2600"),
  } as const;
  type Look = (exchange: ReturnType<typeof createFakeExchange>) => Promise<unknown>;
  const byQuery: Look = ({ context }) => refreshOrder(context, ID, signal);
  const byList: Look = ({ context }) => reconcileAccount(context, signal);

  it.each<[string, Fate, number, Look, Partial<OrderReport>, string]>([
    ["a query just before it can be told", "lose-request", WINDOW_MS + MARGIN_MS - 1, byQuery, {}, "cancelling"],
    ["a query once it can be told", "lose-request", WINDOW_MS + MARGIN_MS, byQuery, {}, "open"],
    ["a query of a part", "lose-request", WINDOW_MS + MARGIN_MS, byQuery, PART, "partially-filled"],
    ["the list of open orders, too early", "lose-request", WINDOW_MS, byList, {}, "cancelling"],
    ["the list of open orders", "lose-request", WINDOW_MS + MARGIN_MS, byList, {}, "open"],
    ["a query when it was taken after all", "lose-answer", WINDOW_MS + MARGIN_MS, byQuery, {}, "cancelled"],
  ])("by %s", async (_name, fate, waitMs, look, over, state) => {
    const exchange = await withOpenOrder();
    exchange.next(fate);
    await cancelOrder(exchange.context, ID, signal);
    expect(exchange.stateOf(ID)).toBe("cancelling");
    const held = exchange.orders.get(ID);
    if (held === undefined) throw new Error("no order");
    exchange.orders.set(ID, { ...held, ...over });
    if (over.executedQuantity !== undefined) exchange.fills.push(fill());
    exchange.advance(waitMs);
    await look(exchange);
    expect(exchange.stateOf(ID)).toBe(state);
    const notices = exchange.journal.filter((event) => event.type === "anomaly-seen");
    expect(notices).toHaveLength(state === "open" || state === "partially-filled" ? 1 : 0);
  });

  it("can be asked for again, and waits anew", async () => {
    const exchange = await withOpenOrder();
    exchange.next("lose-request");
    await cancelOrder(exchange.context, ID, signal);
    exchange.advance(WINDOW_MS + MARGIN_MS);
    await byQuery(exchange);
    exchange.next("lose-request");
    await cancelOrder(exchange.context, ID, signal);
    await byQuery(exchange);
    expect(exchange.stateOf(ID)).toBe("cancelling");
    expect(await cancelOrder(exchange.context, ID, signal)).toMatchObject({ order: { state: "cancelled" } });
  });
});
