import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuardIdentity } from "../../../src/adapters/storage/guard-lease.ts";
import { openStorage } from "../../../src/adapters/storage/open-storage.ts";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import { createIdSource } from "../../../src/adapters/system/id-source.ts";
import type { DomainEvent, OrderIntent } from "../../../src/core/domain/events.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import type { Fill } from "../../../src/core/domain/fill.ts";
import {
  accountId,
  asset,
  clientOrderId,
  marketSymbol,
  orderId,
  tradeId,
} from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { Order, OrderDraft } from "../../../src/core/domain/order.ts";
import { orderFromIntent } from "../../../src/core/domain/order-lifecycle.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";

export const MIGRATIONS = join(import.meta.dirname, "../../../drizzle");
export const migrationCount = () => readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql")).length;
export const NOON = Date.UTC(2026, 0, 2, 12);
export const ACCOUNT = { accountId: accountId("demo:mx0test"), mode: "demo" } as const;
export const OTHER_ACCOUNT = { accountId: accountId("live:mx0test"), mode: "live" } as const;

/** Stands still unless a test moves it. */
export function fixedClock(now = NOON): Clock & { set(now: number): void } {
  let current = now;
  return {
    now: () => current,
    monotonic: () => current,
    sleep: () => Promise.resolve(),
    set: (next) => {
      current = next;
    },
  };
}

export function testIds() {
  return createIdSource({ now: () => NOON, randomBytes });
}

/** Each is a run of its own, in a process that lives. */
export function testGuard(changes: Partial<GuardIdentity> = {}): GuardIdentity {
  return { holder: testIds().recordId(), pid: 1, host: "here", isProcessAlive: () => true, ...changes };
}

export interface TestHome {
  readonly folder: string;
  readonly file: string;
  open(guard?: Partial<GuardIdentity>): Storage;
  remove(): void;
}

export function temporaryHome(clock: Clock = fixedClock()): TestHome {
  const folder = mkdtempSync(join(tmpdir(), "tapedeck-storage-"));
  const file = join(folder, "data", "console.db");
  const opened: Storage[] = [];
  return {
    folder,
    file,
    open(guard) {
      const storage = openStorage({
        file,
        migrationsFolder: MIGRATIONS,
        clock,
        ids: testIds(),
        guard: testGuard(guard),
      });
      opened.push(storage);
      return storage;
    },
    remove() {
      for (const storage of opened) storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function sampleDraft(changes: Partial<OrderDraft> = {}): OrderDraft {
  return {
    symbol: marketSymbol("BTCUSDT"),
    side: "buy",
    type: "limit",
    size: { kind: "base", quantity: quantity("0.002") },
    limitPrice: price("65000.01"),
    seen: { price: price("65010"), at: NOON - 40 },
    ...changes,
  };
}

export function sampleIntent(id = "td-1", changes: Partial<OrderDraft> = {}): OrderIntent {
  // Only risk.ts approves; here the draft is never sent anywhere.
  return { clientOrderId: clientOrderId(id), draft: sampleDraft(changes) as Approved<OrderDraft>, at: NOON };
}

export function sampleOrder(changes: Partial<Order> = {}, id = "td-1"): Order {
  return { ...orderFromIntent({ type: "order-intended", intent: sampleIntent(id) }), ...changes };
}

export function openOrder(changes: Partial<Order> = {}, id = "td-1"): Order {
  return sampleOrder({ state: "open", orderId: orderId("C02__1"), updatedAt: NOON + 1, ...changes }, id);
}

export function sampleFill(id = "t1", changes: Partial<Fill> = {}): Fill {
  return {
    tradeId: tradeId(id),
    orderId: orderId("C02__1"),
    clientOrderId: clientOrderId("td-1"),
    symbol: marketSymbol("BTCUSDT"),
    side: "buy",
    price: price("65000.01"),
    quantity: quantity("0.0005"),
    notional: notional("32.500005"),
    fee: { asset: asset("USDT"), quantity: quantity("0.0162500025") },
    liquidity: "taker",
    at: NOON + 5,
    ...changes,
  };
}

export function batchOf(changes: Partial<JournalBatch> = {}): JournalBatch {
  return { at: NOON, events: [], orders: [], fills: [], protections: [], ...changes };
}

/** What the pump writes when an order is about to leave. */
export function intentBatch(id = "td-1", changes: Partial<OrderDraft> = {}): JournalBatch {
  const event: Extract<DomainEvent, { type: "order-intended" }> = {
    type: "order-intended",
    intent: sampleIntent(id, changes),
  };
  return batchOf({ events: [event], orders: [orderFromIntent(event)] });
}
