import { afterEach, beforeEach, expect, test } from "vitest";
import { tradeId } from "../../../src/core/domain/identifiers.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import { ACCOUNT, NOON, OTHER_ACCOUNT, batchOf, intentBatch, openOrder, sampleFill, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

const homes: TestHome[] = [];
let home: TestHome;
beforeEach(() => {
  home = newHome();
});
afterEach(() => {
  for (const one of homes.splice(0)) one.remove();
});

function newHome(): TestHome {
  const made = temporaryHome();
  homes.push(made);
  return made;
}

/** The hash after each of the batches. */
function hashes(batches: readonly JournalBatch[], at: TestHome = home): readonly string[] {
  const account = at.open().forAccount(ACCOUNT);
  return batches.map((batch) => {
    account.journal.commit(batch);
    return account.stateHash();
  });
}

const halted: JournalBatch = batchOf({
  events: [{ type: "trading-state-changed", state: { kind: "halted", reason: "panic" }, by: "person", evidence: [] }],
});

test("the state's hash changes with each order, fill and trading state, and with nothing else", () => {
  const bare = home.open().forAccount(ACCOUNT).stateHash();
  const [intended, open, filled, stopped] = hashes([
    intentBatch(),
    batchOf({ orders: [openOrder()] }),
    batchOf({ fills: [sampleFill()] }),
    halted,
  ]);
  expect(new Set([bare, intended, open, filled, stopped]).size).toBe(5);
  // What only tells of the session, a fill told twice and another account change nothing.
  const later = hashes([batchOf({ events: [{ type: "session-ended" }] }), batchOf({ fills: [sampleFill()] })]);
  expect(later).toEqual([stopped, stopped]);
  home.open().forAccount(OTHER_ACCOUNT).journal.commit(intentBatch("td-9"));
  expect(home.open().forAccount(ACCOUNT).stateHash()).toBe(stopped);
  expect(stopped).toMatch(/^[0-9a-f]{15}$/);
});

test("the state's hash is the same on a machine that learned the same in another order", () => {
  const one = sampleFill();
  const two = sampleFill("t2", { tradeId: tradeId("t2"), at: NOON + 9 });
  const there = newHome();
  const here = hashes([
    intentBatch(),
    batchOf({ orders: [openOrder()] }),
    batchOf({ fills: [one] }),
    batchOf({ fills: [two] }),
  ]);
  const elsewhere = hashes(
    [batchOf({ fills: [two] }), batchOf({ fills: [one] }), intentBatch(), batchOf({ orders: [openOrder()] })],
    there,
  );
  expect(elsewhere.at(-1)).toBe(here.at(-1));
});
