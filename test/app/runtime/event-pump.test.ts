import { describe, expect, it } from "vitest";
import type { EventPump } from "../../../src/app/runtime/event-pump.ts";
import { createEventPump } from "../../../src/app/runtime/event-pump.ts";
import { createLedgerMemory } from "../../../src/app/runtime/ledger-memory.ts";
import { createStore } from "../../../src/app/store/create-store.ts";
import type { Difference, DifferenceOutcome } from "../../../src/core/domain/difference.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { accountId, asset, clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import { orderFromIntent } from "../../../src/core/domain/order-lifecycle.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { fill, intended, NOW, report } from "../../core/domain/samples.ts";
import { createMemoryStorage } from "./memory-journal.ts";

const ID = clientOrderId("td-1");
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

function setup() {
  const memory = createMemoryStorage();
  const store = createStore({ mode: "demo", version: "0", exchange: "none", accountId: accountId("demo:x") });
  let now = NOW;
  const pump: EventPump = createEventPump({
    store,
    journal: memory.storage.journal,
    memory: createLedgerMemory({
      store,
      ...memory.storage,
      isAhead: () => pump.unwritten > 0,
      mark: () => 0,
      now: () => now,
    }),
    clock: { now: () => (now += 1), monotonic: () => now, sleep: () => Promise.resolve() },
    logger: SILENT,
  });
  const types = () => memory.events.map((stamped) => stamped.event.type);
  return { ...memory, store, pump, types, ledger: () => store.getState().trading };
}

const accepted: DomainEvent = { type: "order-accepted", clientOrderId: ID, orderId: orderId("C02__1") };
const filled: DomainEvent = { type: "fill-recorded", clientOrderId: ID, fill: fill(), source: "stream" };
const usdt = (free: string, at = NOW): DomainEvent => ({
  type: "balance-reported",
  balance: { asset: asset("USDT"), free: quantity(free), locked: quantity("0"), at },
  source: "stream",
});

describe("the event pump", () => {
  it("journals, numbers and reduces in one go", () => {
    const { pump, events, ledger } = setup();
    pump.publish([intended()]);
    pump.publish([accepted, filled]);
    expect(events.map((stamped) => stamped.sequence)).toEqual([1, 2, 3]);
    expect(ledger().orders.get(ID)).toMatchObject({ state: "partially-filled" });
  });

  it("writes the row that the events lead to", () => {
    const { pump, orders } = setup();
    pump.publish([intended()]);
    pump.publish([accepted, filled]);
    expect(orders.get(ID)).toMatchObject({ state: "partially-filled", filledQuantity: quantity("0.04") });
  });

  it("moves on, unwritten, the time of a balance that is told again unchanged", () => {
    const { pump, events, ledger } = setup();
    const at = () => ledger().balances.get(asset("USDT"))?.at;
    pump.publish([usdt("5")]);
    pump.publish([usdt("5", NOW + 20)]);
    expect(at()).toBe(NOW + 20);
    const again = { asset: asset("USDT"), free: quantity("5"), locked: quantity("0"), at: NOW + 60_000 };
    pump.publish([{ type: "balances-replaced", balances: [again] }]);
    expect(at()).toBe(NOW + 60_000);
    pump.publish([usdt("5", NOW + 30)]);
    expect([at(), events.length]).toEqual([NOW + 60_000, 1]);
  });

  it("drops repeats: fills by trade id, reports and balances that say nothing new", () => {
    const { pump, types } = setup();
    const reported: DomainEvent = { type: "order-reported", clientOrderId: ID, report: report(), source: "stream" };
    pump.publish([intended(), accepted, filled, usdt("5")]);
    const before = types().length;
    pump.publish([filled, filled]);
    pump.publish([reported, usdt("5"), usdt("4", NOW - 1)]);
    expect(types()).toHaveLength(before);
    pump.publish([usdt("6", NOW + 1)]);
    expect(types()).toHaveLength(before + 1);
  });

  it("journals a difference that stays open once, with each change of it", () => {
    const { pump, types, ledger } = setup();
    const difference: Difference = { kind: "order-vanished", action: "investigate", subject: "td-1" };
    const settled = (outcome: DifferenceOutcome, result: string): DomainEvent => ({
      type: "difference-settled",
      difference: { ...difference, outcome, result },
    });
    const found: DomainEvent = { type: "difference-found", difference };
    for (let round = 0; round < 3; round += 1) pump.publish([found, settled("waiting", "asked again")]);
    pump.publish([found, settled("needs-person", "no trace")]);
    expect(types()).toEqual(["difference-found", "difference-settled", "difference-settled"]);
    expect([...ledger().differences.values()]).toMatchObject([{ outcome: "needs-person" }]);
    pump.publish([settled("settled", "it is there")]);
    expect(ledger().differences.size).toBe(0);
    pump.publish([found]);
    expect(types()).toHaveLength(5);
  });

  it("journals what is odd and tells it", () => {
    const { pump, types } = setup();
    const told: string[] = [];
    pump.onAnomaly((what) => told.push(what));
    pump.publish([intended(), accepted]);
    pump.publish([{ type: "order-rejected", clientOrderId: ID, reason: { code: "X", message: "x" } }]);
    expect(types()).toContain("anomaly-seen");
    expect(told).toHaveLength(1);
    pump.publish([{ type: "anomaly-seen", what: "seen by a use case", clientOrderId: ID }]);
    expect(told).toContain("seen by a use case");
  });

  it("takes up an order another process has stored instead of calling it foreign", () => {
    const { pump, orders, ledger } = setup();
    orders.set(ID, orderFromIntent(intended()));
    pump.publish([{ type: "order-reported", clientOrderId: ID, report: report(), source: "stream" }]);
    expect(ledger().orders.get(ID)).toMatchObject({ origin: "own", state: "open" });
  });

  it("lets an announced effect fail closed", () => {
    const { pump, setBroken, ledger } = setup();
    setBroken(true);
    expect(() => {
      pump.publish([intended()]);
    }).toThrow("disk full");
    expect(ledger().orders.size).toBe(0);
  });

  it("keeps facts it cannot write, shows them, halts, and writes them in order later", () => {
    const { pump, setBroken, ledger, types } = setup();
    pump.publish([intended()]);
    setBroken(true);
    pump.publish([accepted]);
    expect(ledger().orders.get(ID)).toMatchObject({ state: "open" });
    expect(ledger().tradingState.kind).toBe("halted");
    expect(() => {
      pump.publish([{ type: "cancel-intended", clientOrderId: ID }]);
    }).toThrow();
    pump.publish([filled]);
    expect(pump.unwritten).toBeGreaterThan(0);
    setBroken(false);
    pump.retryWrites();
    expect(pump.unwritten).toBe(0);
    expect(types()).toEqual(["order-intended", "order-accepted", "trading-state-changed", "fill-recorded"]);
  });
});

describe("a halt", () => {
  const halt: DomainEvent = {
    type: "trading-state-changed",
    state: { kind: "halted", reason: "panic" },
    by: "panic",
    evidence: [],
  };

  it("holds in this process although the disk does not take it, says so, and is written when it can be", () => {
    const { pump, ledger, types, storage, setBroken } = setup();
    setBroken(true);
    expect(() => pump.publish([halt])).toThrow("disk full");
    expect(ledger().tradingState).toEqual({ kind: "halted", reason: "panic" });
    setBroken(false);
    pump.retryWrites();
    expect(types()).toEqual(["trading-state-changed"]);
    expect(storage.tradingState.read()).toMatchObject({ state: { kind: "halted" }, by: "panic" });
  });

  it("is not loosened in memory when the disk does not take the resume", () => {
    const { pump, ledger, setBroken } = setup();
    pump.publish([halt]);
    setBroken(true);
    const resume: DomainEvent = { type: "trading-state-changed", state: ACTIVE, by: "person", evidence: [] };
    expect(() => pump.publish([resume])).toThrow("disk full");
    expect(ledger().tradingState.kind).toBe("halted");
    expect(pump.unwritten).toBe(0);
  });
});
