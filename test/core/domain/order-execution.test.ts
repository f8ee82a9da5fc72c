import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderExecution } from "../../../src/core/domain/order-execution.ts";
import { executionOf } from "../../../src/core/domain/order-execution.ts";
import type { OrderReport } from "../../../src/core/domain/order.ts";
import { applyEvent, EMPTY_LEDGER } from "../../../src/core/domain/trading-ledger.ts";
import { fill, intended, NOW, report } from "./samples.ts";

const ID = clientOrderId("td-1");
const told = (over: Partial<OrderReport>): DomainEvent => ({
  type: "order-reported",
  clientOrderId: ID,
  report: report(over),
  source: "reconcile",
});
const FILL: DomainEvent = { type: "fill-recorded", clientOrderId: ID, fill: fill(), source: "stream" };

function executionAfter(...events: readonly DomainEvent[]): OrderExecution {
  const ledger = [intended(), ...events].reduce((held, event) => applyEvent(held, event, NOW).ledger, EMPTY_LEDGER);
  const order = ledger.orders.get(ID);
  if (order === undefined) throw new Error("the intent made no order");
  return executionOf(order);
}

describe("what an order has executed", () => {
  it("is nothing, worth nothing, before it has traded", () => {
    expect(executionAfter()).toEqual({
      quantity: 0n,
      notional: 0n,
      averagePrice: undefined,
      missingFills: 0n,
    });
  });

  it("is what the exchange reports while no fill is read yet, never zero", () => {
    const filled = { status: "filled", executedQuantity: quantity("0.1"), executedNotional: notional("6499") } as const;
    expect(executionAfter(told(filled))).toEqual({
      quantity: quantity("0.1"),
      notional: notional("6499"),
      averagePrice: price("64990"),
      missingFills: quantity("0.1"),
    });
  });

  it("has no worth where the exchange gives none, and no average price", () => {
    const unpriced = { status: "filled", executedQuantity: quantity("0.1") } as const;
    expect(executionAfter(told(unpriced))).toMatchObject({ notional: undefined, averagePrice: undefined });
  });

  it("does not mix the worth of some fills with the quantity of all", () => {
    const unpriced = { status: "filled", executedQuantity: quantity("0.1") } as const;
    expect(executionAfter(FILL, told(unpriced))).toEqual({
      quantity: quantity("0.1"),
      notional: undefined,
      averagePrice: undefined,
      missingFills: quantity("0.06"),
    });
  });

  it("is the sum of the fills once all are read", () => {
    const part = { status: "partially-filled", executedQuantity: quantity("0.04") } as const;
    expect(executionAfter(told(part), FILL)).toEqual({
      quantity: quantity("0.04"),
      notional: notional("2600"),
      averagePrice: price("65000"),
      missingFills: 0n,
    });
  });
});
