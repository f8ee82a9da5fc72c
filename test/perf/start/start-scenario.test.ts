import { expect, it } from "vitest";
import { checkRounds, createStartScenario } from "./start-scenario.ts";

it("starts a console on a long past, compares every open order, and reads the same rows beside it", async () => {
  const { tables } = await createStartScenario().run({ seed: 7, rounds: 1, size: 0.01 });
  expect(tables[0]?.title).toBe("start: 5 open orders, 1 000 stored fills, ms");
  expect(tables[0]?.rows.map(([name]) => name?.trim())).toEqual([
    "to trading-ready",
    "open file and core",
    "ask for the orders",
    "reconcile",
    "raw reading",
  ]);
}, 60_000);

it("fails when a start missed an order or the raw reading a row", () => {
  const round = { openMs: 1, askMs: 1, reconcileMs: 1, rawMs: 1, rssBytes: 1 };
  const rows = { orders: 5, fills: 100 };
  const sound = { ...round, workingOrders: 5, rawOrders: 5, rawFills: 100 };
  checkRounds([sound], rows);
  expect(() => checkRounds([{ ...sound, workingOrders: 4 }], rows)).toThrow(/not every row/);
  expect(() => checkRounds([{ ...sound, rawOrders: 4 }], rows)).toThrow(/not every row/);
  expect(() => checkRounds([{ ...sound, rawFills: 99 }], rows)).toThrow(/not every row/);
});
