import { describe, expect, it } from "vitest";
import { clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import { EMPTY_LEDGER, applyEvent } from "../../../src/core/domain/trading-ledger.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { reconcileAccount } from "../../../src/core/use-cases/reconcile-account.ts";
import { fill, intended, limitBuy, NOW, report } from "../domain/samples.ts";
import { createFakeExchange } from "./fake-exchange.ts";

const signal = new AbortController().signal;

describe("reconciling", () => {
  it("unlocks trading once it has ended, and not when the exchange stays away", async () => {
    const exchange = createFakeExchange();
    exchange.restart();
    exchange.setUnreachable(true);
    await expect(reconcileAccount(exchange.context, signal)).rejects.toMatchObject({ code: "EXCHANGE_UNAVAILABLE" });
    expect(exchange.context.ledger().tradingState.kind).toBe("locked");
    exchange.setUnreachable(false);
    await reconcileAccount(exchange.context, signal);
    expect(exchange.context.ledger().tradingState.kind).toBe("active");
    expect(exchange.context.ledger().balances.get("USDT" as never)?.free).toBe(quantity("100000"));
  });

  it("brings what happened while nobody watched: an end and its fills", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const held = exchange.orders.get("td-1");
    if (held === undefined) throw new Error("no order");
    exchange.orders.set("td-1", {
      ...held,
      status: "filled",
      executedQuantity: quantity("0.1"),
      executedNotional: notional("6500"),
    });
    exchange.fills.push(fill({ quantity: quantity("0.1") }));
    exchange.restart();
    const summary = await reconcileAccount(exchange.context, signal);
    expect(summary).toMatchObject({ fillsAdded: 1, unresolved: [] });
    expect(exchange.context.ledger().orders.get(clientOrderId("td-1"))).toMatchObject({
      state: "filled",
      filledQuantity: quantity("0.1"),
    });
  });

  it("waits for fills that trail the status", async () => {
    const exchange = createFakeExchange();
    exchange.orders.set(
      "td-1",
      report({ status: "partially-filled", executedQuantity: quantity("0.04"), executedNotional: notional("2600") }),
    );
    exchange.context.publish([intended()]);
    exchange.whileSleeping(() => {
      if (exchange.fills.length === 0) exchange.fills.push(fill());
    });
    expect(await reconcileAccount(exchange.context, signal)).toMatchObject({ fillsAdded: 1 });
  });

  it("shows an order that was placed elsewhere", async () => {
    const exchange = createFakeExchange();
    const { clientOrderId: _own, ...nameless } = report({ orderId: orderId("C02__77") });
    exchange.orders.set("web", nameless);
    expect(await reconcileAccount(exchange.context, signal)).toMatchObject({ foreignFound: 1 });
    expect([...exchange.context.ledger().orders.values()]).toMatchObject([{ origin: "foreign", state: "open" }]);
    expect(await reconcileAccount(exchange.context, signal)).toMatchObject({ foreignFound: 0 });
  });

  it("calls an acknowledged order that left no trace unknown, never failed", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.orders.clear();
    expect(await reconcileAccount(exchange.context, signal)).toMatchObject({ unresolved: ["td-1"] });
    expect(exchange.stateOf("td-1")).toBe("unknown");
    expect(exchange.context.ledger().tradingState.kind).toBe("active");
  });
});

describe("killed at any moment", () => {
  it.each([
    ["after the intent was written", "lose-request", 1],
    ["after the request left", "lose-answer", 1],
    ["after the answer came", "answer", 3],
  ] as const)("%s, the order is found, once, and not called failed", async (_name, fate, survivingEvents) => {
    const exchange = createFakeExchange();
    exchange.next(fate);
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.journal.splice(survivingEvents);
    exchange.restart();
    await reconcileAccount(exchange.context, signal);
    const reached = fate !== "lose-request";
    expect(exchange.stateOf("td-1")).toBe(reached ? "open" : "submitted");
    exchange.advance(20_000);
    await reconcileAccount(exchange.context, signal);
    expect(exchange.stateOf("td-1")).toBe(reached ? "open" : "expired");
    expect(exchange.context.ledger().orders.size).toBe(1);
    expect(exchange.sent).toHaveLength(1);
  });
});

it("lets a newer push outlive an older snapshot of balances", () => {
  const usdt = (free: string, at: number) => ({
    asset: "USDT" as never,
    free: quantity(free),
    locked: quantity("0"),
    at,
  });
  const pushed = applyEvent(
    EMPTY_LEDGER,
    { type: "balance-reported", balance: usdt("5", NOW + 2), source: "stream" },
    NOW,
  );
  const { ledger } = applyEvent(pushed.ledger, { type: "balances-replaced", balances: [usdt("9", NOW + 1)] }, NOW);
  expect(ledger.balances.get("USDT" as never)?.free).toBe(quantity("5"));
});
