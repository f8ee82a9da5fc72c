import { afterEach, expect, it } from "vitest";
import type { EventPump } from "../../../src/app/runtime/event-pump.ts";
import { createEventPump } from "../../../src/app/runtime/event-pump.ts";
import { createLedgerMemory } from "../../../src/app/runtime/ledger-memory.ts";
import { createStore } from "../../../src/app/store/create-store.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { DomainEvent } from "../../../src/core/domain/events.ts";
import { clientOrderId, orderId } from "../../../src/core/domain/identifiers.ts";
import type { Journal } from "../../../src/core/ports/journal.ts";
import { ACCOUNT, batchOf, fixedClock, temporaryHome } from "../../adapters/storage/samples.ts";
import { fill, intended, NOW } from "../../core/domain/samples.ts";

const ID = clientOrderId("td-1");
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const home = temporaryHome(fixedClock());
afterEach(() => {
  home.remove();
});

function halt(by: string): DomainEvent {
  return { type: "trading-state-changed", state: { kind: "halted", reason: by }, by, evidence: [] };
}

it("a halt that could not be written, and was overtaken by another process's, holds up nothing after it", () => {
  const here = home.open().forAccount(ACCOUNT);
  const other = home.open().forAccount(ACCOUNT);
  let isDiskFull = false;
  const journal: Journal = {
    ...here.journal,
    commit(batch) {
      if (isDiskFull)
        throw new AppError({ code: "STORAGE_FAILED", message: "disk full", exitCode: EXIT_CODES.failure });
      return here.journal.commit(batch);
    },
  };
  const store = createStore({ mode: "demo", version: "0", exchange: "none", accountId: ACCOUNT.accountId });
  const pump: EventPump = createEventPump({
    store,
    journal,
    memory: createLedgerMemory({ store, ...here, isAhead: () => pump.unwritten > 0, mark: () => 0, now: () => NOW }),
    clock: { now: () => NOW, monotonic: () => NOW, sleep: () => Promise.resolve() },
    logger: SILENT,
  });
  pump.publish([intended()]);
  pump.publish([{ type: "order-accepted", clientOrderId: ID, orderId: orderId("C02__1") }]);
  isDiskFull = true;
  expect(() => {
    pump.publish([halt("daily-loss")]);
  }).toThrow("disk full");
  isDiskFull = false;
  other.journal.commit(batchOf({ events: [halt("panic")] }));

  pump.publish([{ type: "fill-recorded", clientOrderId: ID, fill: fill(), source: "stream" }]);
  expect(pump.unwritten).toBe(0);
  expect(other.fills.list({})).toHaveLength(1);
  pump.publish([{ type: "cancel-intended", clientOrderId: ID }]);
  expect(other.orders.find({ clientOrderId: ID })).toMatchObject({ state: "cancelling" });
  expect(other.tradingState.read()).toMatchObject({ state: { kind: "halted" }, by: "panic" });
});
