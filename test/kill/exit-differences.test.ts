import { expect, it } from "vitest";
import type { Ledger } from "../e2e/program.ts";
import type { HeldProtection } from "./exit-differences.ts";
import { exitDifferences, soldBy } from "./exit-differences.ts";

const sale = (clientOrderId: string, executedQuantity: string): Ledger["orders"][number] => ({
  orderId: `C-${clientOrderId}`,
  clientOrderId,
  side: "SELL",
  status: "FILLED",
  executedQuantity,
});
const protection = (...exits: string[]): HeldProtection => ({
  protectionId: "p1",
  state: "armed",
  covered: "0.002",
  legs: [{ legId: "sl", state: "exiting", exits }],
});
const differences = (orders: Ledger["orders"], protections: readonly HeldProtection[]) =>
  exitDifferences({ accounts: {}, orders }, protections);

it("is content with sales up to what is covered, in however many exits", () => {
  expect(differences([sale("a", "0.0015"), sale("b", "0.0005")], [protection("a", "b", "never-sent")])).toEqual([]);
  expect(soldBy({ accounts: {}, orders: [sale("a", "0.0015"), sale("b", "0.0005")] }, protection("a", "b"))).toBe(
    "0.002",
  );
});

it("finds what was sold twice, and what nobody decided to sell", () => {
  expect(differences([sale("a", "0.002"), sale("b", "0.002")], [protection("a", "b")])).toEqual([
    "sold twice: p1 covers 0.002 and sold 0.004",
  ]);
  expect(differences([sale("a", "0.002"), sale("c", "0.001")], [protection("a")])).toEqual(["sold by nobody: c"]);
});
