import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import { crosses, planExecutions } from "../../../src/simulator/engine/matching.ts";
import type { RestingOrder } from "../../../src/simulator/engine/order-book.ts";
import { OrderBook } from "../../../src/simulator/engine/order-book.ts";

const step = quantity("0.001");

function bookOf(orders: readonly RestingOrder[]): OrderBook {
  const book = new OrderBook(0);
  for (const order of orders) book.add(order);
  return book;
}

function resting(side: "BUY" | "SELL", at: string, amount: string): RestingOrder {
  return { side, price: price(at), remaining: quantity(amount), owner: undefined };
}

const anyAsk = fc.record({ ticks: fc.integer({ min: 9_900, max: 10_100 }), steps: fc.integer({ min: 1, max: 5_000 }) });
const toAsk = ({ ticks, steps }: { readonly ticks: number; readonly steps: number }): RestingOrder => ({
  side: "SELL",
  price: (BigInt(ticks) * 10n ** 16n) as Price,
  remaining: (BigInt(steps) * 10n ** 15n) as Quantity,
  owner: undefined,
});

describe("planning executions", () => {
  it("takes the best price first and the oldest order first within a price", () => {
    const [late, early, second] = [
      resting("SELL", "101", "1"),
      resting("SELL", "100", "1"),
      resting("SELL", "100", "2"),
    ] as const;
    const book = bookOf([late, early, second]);
    const terms = {
      side: "BUY",
      limit: undefined,
      quantity: quantity("3.5"),
      budget: undefined,
      stepSize: step,
    } as const;
    const plan = planExecutions(book, terms);
    expect(plan.map(({ maker, quantity: amount }) => [maker, amount])).toEqual([
      [early, quantity("1")],
      [second, quantity("2")],
      [late, quantity("0.5")],
    ]);
  });

  it("stops at the limit, on both sides", () => {
    const book = bookOf([resting("BUY", "99", "1"), resting("BUY", "98", "1"), resting("SELL", "101", "1")]);
    const sell = {
      side: "SELL",
      limit: price("98.5"),
      quantity: quantity("5"),
      budget: undefined,
      stepSize: step,
    } as const;
    expect(planExecutions(book, sell).map((one) => one.price)).toEqual([price("99")]);
    expect(crosses(book, "BUY", price("100.99"))).toBe(false);
    expect(crosses(book, "BUY", price("101"))).toBe(true);
  });

  it("spends a quote budget down to the step", () => {
    const book = bookOf([resting("SELL", "100", "1"), resting("SELL", "110", "5")]);
    const terms = { side: "BUY", limit: undefined, quantity: undefined, stepSize: step } as const;
    const plan = planExecutions(book, { ...terms, budget: notional("250") });
    expect(plan.map((one) => one.quantity)).toEqual([quantity("1"), quantity("1.363")]);
  });

  it("never gives more than wanted or held, in price–time order, whatever the book", () => {
    fc.assert(
      fc.property(fc.array(anyAsk, { maxLength: 30 }), fc.integer({ min: 1, max: 60_000 }), (asks, wanted) => {
        const orders = asks.map(toAsk);
        const amount = (BigInt(wanted) * 10n ** 15n) as Quantity;
        const book = bookOf(orders);
        const plan = planExecutions(book, {
          side: "BUY",
          limit: price("100.5"),
          quantity: amount,
          budget: undefined,
          stepSize: step,
        });
        const reachable = orders.filter((order) => order.price <= price("100.5"));
        const offered = reachable.reduce((sum, order) => sum + order.remaining, 0n);
        const taken = plan.reduce((sum, one) => sum + one.quantity, 0n);
        expect(taken).toBe(offered < amount ? offered : amount);
        const ranked = reachable
          .map((order, age) => ({ order, age }))
          .sort((a, b) => (a.order.price < b.order.price ? -1 : a.order.price > b.order.price ? 1 : a.age - b.age))
          .map(({ order }) => order);
        expect(plan.map((one) => one.maker)).toEqual(ranked.slice(0, plan.length));
        for (const one of plan.slice(0, -1)) expect(one.quantity).toBe(one.maker.remaining);
      }),
    );
  });
});

describe("the order book", () => {
  it("raises its version by one for each change of a level and tells the new total", () => {
    const told: unknown[] = [];
    const book = new OrderBook(10, (side, at, total) => told.push([side, at, total]));
    const first = resting("BUY", "99", "1");
    book.add(first);
    book.add(resting("BUY", "99", "2"));
    book.reduce(first, quantity("0.4"));
    book.remove(first);
    expect(book.version).toBe(14);
    const at = price("99");
    expect(told).toEqual(["1", "3", "2.6", "2"].map((total) => ["BUY", at, quantity(total)]));
  });

  it("refuses to change an order that does not rest in it", () => {
    const book = new OrderBook(0);
    expect(() => book.remove(resting("BUY", "99", "1"))).toThrow("does not rest");
  });
});
