import { expect, it } from "vitest";
import type { Ledger } from "../e2e/program.ts";
import type { HeldOrder } from "./order-differences.ts";
import { orderDifferences } from "./order-differences.ts";

type TheirOrder = Ledger["orders"][number];

const their = (over: Partial<TheirOrder> = {}): TheirOrder => ({
  orderId: "C1",
  clientOrderId: "td-1",
  side: "BUY",
  status: "FILLED",
  executedQuantity: "0.001",
  ...over,
});
const our = (over: Partial<HeldOrder> = {}): HeldOrder => ({
  clientOrderId: "td-1",
  orderId: "C1",
  state: "filled",
  filledQuantity: "0.001",
  ...over,
});
const differences = (theirs: readonly TheirOrder[], ours: readonly HeldOrder[]) =>
  orderDifferences({ accounts: {}, orders: theirs }, ours);

it("finds nothing where both say the same, nor where nothing is claimed", () => {
  expect(differences([their()], [our()])).toEqual([]);
  expect(differences([their()], [our({ state: "unknown", orderId: null, filledQuantity: "0" })])).toEqual([]);
  expect(differences([], [our({ state: "submitted", orderId: null })])).toEqual([]);
  expect(differences([], [our({ state: "expired", orderId: null })])).toEqual([]);
});

it.each<[RegExp, readonly TheirOrder[], readonly HeldOrder[]]>([
  [/doubled: td-1/, [their(), their({ orderId: "C2" })], [our(), our({ clientOrderId: "x-C2", orderId: "C2" })]],
  [/lost: td-1/, [their()], []],
  [/guessed: td-1 is expired here and FILLED there/, [their()], [our({ state: "expired", orderId: null })]],
  [/guessed: td-1 is filled here and NEW there/, [their({ status: "NEW" })], [our()]],
  [/lost fills: td-1 has 0.0005 here/, [their()], [our({ filledQuantity: "0.0005" })]],
  [/invented: td-1 is open/, [], [our({ state: "open" })]],
])("says %s", (words, theirs, ours) => {
  expect(differences(theirs, ours)).toEqual([expect.stringMatching(words)]);
});
