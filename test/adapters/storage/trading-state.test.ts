import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../../../src/adapters/storage/open-storage.ts";
import { NEVER_SET } from "../../../src/core/domain/trading-state.ts";
import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import { bundleFixture } from "./bundle-fixture.ts";
import { ACCOUNT, batchOf, fixedClock, intentBatch, MIGRATIONS, OTHER_ACCOUNT, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

let home: TestHome;
let storage: Storage;
beforeEach(() => {
  home = temporaryHome(fixedClock());
  storage = home.open();
});
afterEach(() => {
  home.remove();
});

describe("the trading state", () => {
  const set = (kind: "halted" | "reducing"): JournalBatch => {
    const state = { kind, reason: "a test" };
    return batchOf({ events: [{ type: "trading-state-changed", state, by: "person", evidence: [] }] });
  };

  test("is the same for every process and after a restart, and active until it is set", () => {
    const { journal, tradingState } = storage.forAccount(ACCOUNT);
    expect(tradingState.read()).toEqual(NEVER_SET);
    journal.commit(set("halted"));
    expect(home.open().forAccount(ACCOUNT).tradingState.read()).toMatchObject({
      state: { kind: "halted", reason: "a test" },
      by: "person",
      evidence: [],
    });
    expect(storage.forAccount(OTHER_ACCOUNT).tradingState.read()).toEqual(NEVER_SET);
  });

  test("keeps the figures of a trip and the reason of a resume", () => {
    const { journal, tradingState } = storage.forAccount(ACCOUNT);
    const evidence = [{ what: "loss today", value: "101 USDT", limit: "100 USDT", since: 1_700_000_000_000 }];
    const tripped = { kind: "reducing", reason: "the day's loss" } as const;
    journal.commit(
      batchOf({ events: [{ type: "trading-state-changed", state: tripped, by: "daily-loss", evidence }] }),
    );
    expect(tradingState.read()).toMatchObject({ state: tripped, by: "daily-loss", evidence });
    const resumed = { kind: "active", reason: "looked at it" } as const;
    journal.commit(
      batchOf({ events: [{ type: "trading-state-changed", state: resumed, by: "person", evidence: [] }] }),
    );
    expect(tradingState.read()).toMatchObject({ state: resumed, by: "person", evidence: [] });
  });

  test("is never loosened, nor its reason written over, by what happens by itself", () => {
    const { journal, tradingState } = storage.forAccount(ACCOUNT);
    const trip = (kind: "halted" | "reducing" | "active", by: string): JournalBatch =>
      batchOf({ events: [{ type: "trading-state-changed", state: { kind, reason: by }, by, evidence: [] }] });
    const stands = expect.objectContaining({ code: "TRADING_STATE_STANDS" }) as unknown;
    journal.commit(trip("reducing", "stale-data"));
    expect(() => journal.commit(trip("reducing", "daily-loss"))).toThrow(stands);
    expect(() => journal.commit(trip("active", "daily-loss"))).toThrow(stands);
    expect(tradingState.read().by).toBe("stale-data");
    journal.commit(trip("halted", "daily-loss"));
    expect(() => journal.commit(trip("reducing", "drawdown"))).toThrow(stands);
    journal.commit(trip("halted", "panic"));
    expect(tradingState.read()).toMatchObject({ state: { kind: "halted" }, by: "panic" });
    journal.commit(trip("active", "person"));
    expect(tradingState.read().state.kind).toBe("active");
  });

  test("stops an intent inside its commit, whatever the process believes", () => {
    const here = storage.forAccount(ACCOUNT).journal;
    const there = home.open().forAccount(ACCOUNT);
    here.commit(set("reducing"));
    expect(() => there.journal.commit(intentBatch("buying"))).toThrow(
      expect.objectContaining({ code: "TRADING_REDUCING" }),
    );
    expect(there.journal.commit(intentBatch("selling", { side: "sell" }))).toHaveLength(1);
    here.commit(set("halted"));
    expect(() => there.journal.commit(intentBatch("selling too", { side: "sell" }))).toThrow(
      expect.objectContaining({ code: "TRADING_HALTED" }),
    );
    expect(there.orders.list({})).toHaveLength(1);
  });
});

test("a halt whose writer is killed the moment it returned stands, and no intent follows it", async () => {
  const program = bundleFixture("halt-until-killed.ts", home.folder);
  const child = spawn(process.execPath, [program, MIGRATIONS, home.file], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 3) child.kill("SIGKILL");
  }
  expect(lines.slice(0, 3)).toEqual(["halted", "TRADING_HALTED", "TRADING_HALTED"]);
  const { tradingState, orders } = home.open().forAccount(ACCOUNT);
  expect(tradingState.read()).toMatchObject({ state: { kind: "halted", reason: "a panic" }, by: "panic" });
  expect(orders.list({})).toEqual([]);
}, 20_000);
