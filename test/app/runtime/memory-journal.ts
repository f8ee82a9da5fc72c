import type { ArchiveRange } from "../../../src/core/domain/archive.ts";
import { joinRange } from "../../../src/core/domain/archive.ts";
import type { StampedEvent } from "../../../src/core/domain/events.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import type { StateRecord } from "../../../src/core/domain/trading-state.ts";
import { NEVER_SET } from "../../../src/core/domain/trading-state.ts";
import { isWorking } from "../../../src/core/domain/order.ts";
import { missingFills } from "../../../src/core/domain/order-execution.ts";
import type { AccountStorage } from "../../../src/app/app-parts.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import { NOW } from "../../core/domain/samples.ts";
import { createManualClock } from "../../manual-clock.ts";
import { createMemoryLease } from "./memory-lease.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { createMemoryPortfolio } from "./memory-portfolio.ts";

/** A journal and its stores in memory, which can be told to fail like a full disk. */
export function createMemoryStorage(clock: Clock = createManualClock(NOW).clock) {
  const events: StampedEvent[] = [];
  const orders = new Map<string, Order>();
  const fills = new Map<string, Fill>();
  const protections = new Map<string, Protection>();
  let state: StateRecord = NEVER_SET;
  let ranges: readonly ArchiveRange[] = [];
  let broken = false;
  let marks = 0;
  const storage: AccountStorage = {
    stateHash: () => `${orders.size}-${fills.size}-${protections.size}`,
    journal: {
      commit(batch) {
        if (broken) throw new AppError({ code: "STORAGE_FAILED", message: "disk full", exitCode: EXIT_CODES.failure });
        const stamped = batch.events.map((event, index) => ({
          sequence: events.length + index + 1,
          at: batch.at,
          event,
        }));
        events.push(...stamped);
        for (const order of batch.orders) orders.set(order.clientOrderId, order);
        for (const fill of batch.fills) fills.set(fill.tradeId, fill);
        for (const { protection } of batch.protections) protections.set(protection.protectionId, protection);
        for (const event of batch.events) {
          if (event.type !== "trading-state-changed") continue;
          state = { state: event.state, by: event.by, at: batch.at, evidence: event.evidence };
        }
        return stamped;
      },
      // Whoever changes the maps by hand is another process.
      mark: () => (marks += 1),
      latest: (limit) => events.slice(-limit).reverse(),
    },
    orders: {
      list: () => [...orders.values()],
      find: (key) =>
        "clientOrderId" in key
          ? orders.get(key.clientOrderId)
          : [...orders.values()].find((order) => order.orderId === key.orderId),
      listForMemory: (endedLimit) => {
        const newestFirst = [...orders.values()].sort((left, right) => right.updatedAt - left.updatedAt);
        let room = endedLimit;
        return newestFirst.filter((order) => isWorking(order) || missingFills(order) > 0n || (room -= 1) >= 0);
      },
      heads: (since) => [...orders.values()].filter((order) => isWorking(order) || order.updatedAt >= since),
      symbolsSince: (since) =>
        new Set([...orders.values()].filter((order) => order.updatedAt >= since).map(({ symbol }) => symbol)),
    },
    fills: {
      list: () => [...fills.values()],
      ofOrders: (ids) => [...fills.values()].filter((fill) => ids.includes(fill.orderId)),
      has: (fill) => fills.has(fill.tradeId),
    },
    archive: {
      ranges: () => ranges,
      note: (range) => {
        const isIts = (one: ArchiveRange) => one.symbol === range.symbol && one.kind === range.kind;
        ranges = [...ranges.filter((one) => !isIts(one)), ...joinRange(ranges.filter(isIts), range)];
      },
    },
    protections: {
      list: ({ armed }) => [...protections.values()].filter((one) => armed !== true || one.state === "armed"),
      find: (protectionId) => protections.get(protectionId),
    },
    tradingState: { read: () => state },
    lease: createMemoryLease({ clock }),
    changes: { seen: () => false },
    portfolio: createMemoryPortfolio(() => [...fills.values()]),
  };
  return {
    storage,
    ranges: () => ranges,
    events,
    orders,
    fills,
    setBroken: (is: boolean) => {
      broken = is;
    },
  };
}
