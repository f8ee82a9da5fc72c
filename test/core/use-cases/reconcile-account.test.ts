import { describe, expect, it } from "vitest";
import { clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, quantity } from "../../../src/core/domain/money.ts";
import { EMPTY_LEDGER, applyEvent } from "../../../src/core/domain/trading-ledger.ts";
import { seekProof } from "../../../src/core/use-cases/resolve-unknown-order.ts";
import { placeOrder } from "../../../src/core/use-cases/place-order.ts";
import { compareAccount, reconcileAccount } from "../../../src/core/use-cases/reconcile-account.ts";
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

describe("the differences", () => {
  const steps = (exchange: ReturnType<typeof createFakeExchange>) =>
    exchange.journal.flatMap((event) =>
      event.type === "difference-found"
        ? [`found ${event.difference.kind}`]
        : event.type === "difference-settled"
          ? [`${event.difference.outcome} ${event.difference.kind}`]
          : [],
    );

  it("are journaled with what was done about each", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const { clientOrderId: _own, ...nameless } = report({ orderId: orderId("C02__77") });
    exchange.orders.set("web", nameless);
    exchange.orders.set("td-1", report({ status: "cancelled" }));
    const { differences } = await reconcileAccount(exchange.context, signal);
    expect(steps(exchange)).toEqual([
      "found foreign-seen",
      "found order-missing-there",
      "settled foreign-seen",
      "settled order-missing-there",
    ]);
    expect(differences[1]).toMatchObject({ subject: "td-1", result: "now cancelled, 0 filled" });
    expect((await reconcileAccount(exchange.context, signal)).differences).toEqual([]);
  });

  it("that only a person can settle stay open, and end when they are no longer there", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const held = exchange.orders.get("td-1");
    if (held === undefined) throw new Error("no order");
    exchange.orders.clear();
    const open = () => [...exchange.context.ledger().differences.values()].map(({ kind, outcome }) => [kind, outcome]);
    await reconcileAccount(exchange.context, signal);
    expect(open()).toEqual([["order-missing-there", "needs-person"]]);
    await reconcileAccount(exchange.context, signal);
    expect(open()).toEqual([["order-vanished", "needs-person"]]);
    exchange.orders.set("td-1", held);
    await reconcileAccount(exchange.context, signal);
    expect(open()).toEqual([]);
    expect(exchange.stateOf("td-1")).toBe("open");
  });

  it("name a second order of one request until somebody cancels or adopts it", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.orders.set("twin", report({ orderId: orderId("C02__2") }));
    const key = clientOrderId("x-C02__2");
    for (let round = 0; round < 2; round += 1) {
      const { differences } = await reconcileAccount(exchange.context, signal);
      expect(differences).toMatchObject([{ kind: "second-order", subject: key, outcome: "needs-person" }]);
    }
    exchange.context.publish([{ type: "order-adopted", clientOrderId: key }]);
    const { differences } = await reconcileAccount(exchange.context, signal);
    expect(differences).toMatchObject([{ kind: "second-order", subject: key, outcome: "settled" }]);
    expect(exchange.context.ledger().differences.size).toBe(0);
  });

  it("say of an outcome that it waits while the exchange can still take the order, and no longer", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    const first = await reconcileAccount(exchange.context, signal);
    expect(first.differences).toMatchObject([{ kind: "outcome-unknown", outcome: "waiting" }]);
    exchange.advance(20_000);
    const second = await reconcileAccount(exchange.context, signal);
    expect(second.differences).toMatchObject([{ kind: "outcome-unknown", outcome: "settled" }]);
    expect(exchange.stateOf("td-1")).toBe("expired");
  });

  it("say of what an earlier round left waiting that it is settled, though this one does not meet it", async () => {
    const exchange = createFakeExchange();
    exchange.next("lose-request");
    await placeOrder(exchange.context, limitBuy(), signal);
    await reconcileAccount(exchange.context, signal);
    exchange.advance(20_000);
    // Another who asked was first.
    await seekProof(exchange.context, clientOrderId("td-1"), signal);
    const { differences } = await reconcileAccount(exchange.context, signal);
    expect(differences).toMatchObject([{ kind: "outcome-unknown", subject: "td-1", outcome: "settled" }]);
    expect((await reconcileAccount(exchange.context, signal)).differences).toEqual([]);
  });

  it("ask by name about an order we hold as ended and the exchange lists, and never drop our proof for a list", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    exchange.context.publish([
      {
        type: "order-reported",
        clientOrderId: clientOrderId("td-1"),
        report: report({ status: "cancelled" }),
        source: "stream",
      },
    ]);
    exchange.advance(60_000);
    const { differences } = await reconcileAccount(exchange.context, signal);
    expect(differences).toMatchObject([{ kind: "state-differs", outcome: "needs-person" }]);
    expect(exchange.stateOf("td-1")).toBe("cancelled");
  });

  it("wait for fills a while, then call for a person", async () => {
    const exchange = createFakeExchange();
    await placeOrder(exchange.context, limitBuy(), signal);
    const executed = { executedQuantity: quantity("0.1"), executedNotional: notional("6500") };
    exchange.orders.set("td-1", report({ status: "filled", ...executed }));
    await reconcileAccount(exchange.context, signal);
    const waiting = await reconcileAccount(exchange.context, signal);
    expect(waiting.differences).toMatchObject([{ kind: "fill-missing-here", outcome: "waiting" }]);
    exchange.advance(120_000);
    const overdue = await reconcileAccount(exchange.context, signal);
    expect(overdue.differences).toMatchObject([{ kind: "fill-missing-here", outcome: "needs-person" }]);
    exchange.fills.push(fill({ quantity: quantity("0.1") }));
    expect((await reconcileAccount(exchange.context, signal)).differences).toMatchObject([{ outcome: "settled" }]);
  });

  it("are only shown when a comparison is asked for", async () => {
    const exchange = createFakeExchange();
    const { clientOrderId: _own, ...nameless } = report({ orderId: orderId("C02__77") });
    exchange.orders.set("web", nameless);
    expect(await compareAccount(exchange.context, signal)).toMatchObject([{ kind: "foreign-seen" }]);
    expect(exchange.journal).toEqual([]);
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
