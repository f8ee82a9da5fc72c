import { afterEach, beforeEach, expect, test } from "vitest";
import { holesOf } from "../../../src/core/domain/archive.ts";
import type { ArchiveRange } from "../../../src/core/domain/archive.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { ACCOUNT, NOON, OTHER_ACCOUNT, temporaryHome } from "./samples.ts";
import type { TestHome } from "./samples.ts";

let home: TestHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => {
  home.remove();
});

const range = (from: number, until: number, changes: Partial<ArchiveRange> = {}): ArchiveRange => ({
  symbol: marketSymbol("BTCUSDT"),
  kind: "fills",
  from: NOON + from,
  until: NOON + until,
  ...changes,
});

test("ranges that touch are one row, also when two processes note them, and outlive both", () => {
  const here = home.open().forAccount(ACCOUNT).archive;
  const there = home.open().forAccount(ACCOUNT).archive;
  here.note(range(0, 10));
  there.note(range(5, 20));
  here.note(range(50, 55));
  there.note(range(54, 60));
  const kept = [range(0, 20), range(50, 60)];
  expect(there.ranges()).toEqual(kept);
  expect(home.open().forAccount(ACCOUNT).archive.ranges()).toEqual(kept);
  expect(holesOf(kept)).toEqual([range(20, 50)]);
});

test("each account, market and kind has its own", () => {
  const storage = home.open();
  const { archive } = storage.forAccount(ACCOUNT);
  archive.note(range(0, 10));
  archive.note(range(20, 30, { kind: "orders" }));
  archive.note(range(40, 50, { symbol: marketSymbol("ETHUSDT") }));
  expect(archive.ranges()).toHaveLength(3);
  expect(holesOf(archive.ranges())).toEqual([]);
  expect(storage.forAccount(OTHER_ACCOUNT).archive.ranges()).toEqual([]);
});
