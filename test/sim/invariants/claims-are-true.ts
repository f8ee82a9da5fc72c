import type { TradingLedger } from "../../../src/core/domain/trading-ledger.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { isOpen } from "../../../src/simulator/engine/order.ts";
import type { ExchangeOrder } from "../../../src/simulator/engine/order.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import type { SimProcess } from "../world/sim-process.ts";
import { accountOf } from "../world/troubles.ts";
import type { World } from "../world/world.ts";

/**
 * Whatever a process says of an order is so at the exchange at that moment, and stays so: an end has come, an order that
 * never was never comes, a fill was executed.
 */
export interface ClaimWatch {
  look(processes: Iterable<SimProcess>): void;
}

export function watchClaims(world: World): ClaimWatch {
  const { exchange } = world.exchange.venue;
  const account = accountOf(world.exchange);
  /** What was last looked at, by process. */
  const seen = new WeakMap<SimProcess, TradingLedger>();
  const neverWas = new Map<string, string>();
  let lastId = 0;

  function check(process: SimProcess, order: Order): void {
    const theirs = exchange.orders.find(
      account,
      order.symbol,
      order.orderId,
      order.orderId === undefined ? order.clientOrderId : undefined,
    );
    const problem = contradiction(order, theirs);
    if (problem !== undefined) {
      world.violate(
        "claims-are-true",
        `${process.name} holds ${order.clientOrderId} as ${order.state}, but ${problem}`,
      );
    }
    if (isDenial(order)) neverWas.set(order.clientOrderId, `${process.name} called it ${order.state}`);
  }

  function checkNewcomers(): void {
    const newest = world.exchange.venue.simulation.ids.last;
    if (newest === lastId) return;
    lastId = newest;
    for (const { clientOrderId, orderId } of exchange.orders.orders(account)) {
      const said = clientOrderId === null ? undefined : neverWas.get(clientOrderId);
      if (said === undefined) continue;
      world.violate("claims-are-true", `the exchange has taken ${String(clientOrderId)} as ${orderId} after ${said}`);
    }
  }

  return {
    look(processes) {
      checkNewcomers();
      for (const process of processes) {
        if (process.life.state === "dead") continue;
        const { trading } = process.app.store.getState();
        const before = seen.get(process);
        if (before === trading) continue;
        seen.set(process, trading);
        for (const [key, order] of trading.orders) if (before?.orders.get(key) !== order) check(process, order);
        if (before?.fills !== trading.fills) checkFills(process, trading);
      }
    },
  };

  function checkFills(process: SimProcess, { fills }: TradingLedger): void {
    const theirs = new Map(exchange.orders.fills(account).map((fill) => [fill.tradeId, fill]));
    for (const fill of fills.values()) {
      const executed = theirs.get(fill.tradeId);
      if (executed?.quantity === fill.quantity && executed.price === fill.price) continue;
      world.violate("no-fill-invented", `${process.name} holds a fill ${fill.tradeId} that was never executed so`);
    }
  }
}

function isDenial({ state, orderId }: Order): boolean {
  return state === "denied" || state === "rejected" || (state === "expired" && orderId === undefined);
}

function contradiction(order: Order, theirs: ExchangeOrder | undefined): string | undefined {
  if (isDenial(order)) return theirs === undefined ? undefined : `the exchange has it as ${theirs.status}`;
  if (order.state === "submitted" || order.state === "unknown") return undefined;
  if (theirs === undefined) return "the exchange has no such order";
  if (order.filledQuantity > theirs.executedQuantity) {
    return `only ${formatMoney(theirs.executedQuantity)} of its ${formatMoney(order.filledQuantity)} is executed`;
  }
  const hasEnded = order.state === "filled" || order.state === "cancelled" || order.state === "expired";
  if (!hasEnded) return undefined;
  if (isOpen(theirs.status)) return `the exchange has it as ${theirs.status}`;
  if ((order.state === "filled") !== (theirs.status === "FILLED")) return `the exchange has it as ${theirs.status}`;
  return undefined;
}
