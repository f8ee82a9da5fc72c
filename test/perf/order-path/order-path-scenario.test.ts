import { expect, it } from "vitest";
import { checkOrders, createOrderPathScenario } from "./order-path-scenario.ts";

it("presses keys on the whole console, and each press is one order on the exchange with its intent on disk", async () => {
  const { tables } = await createOrderPathScenario().run({ seed: 7, rounds: 1, size: 0.1 });
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(["tapedeck", "bare"]);
  expect(tables[0]?.title).toContain("3 orders");
}, 60_000);

it("fails when an order was doubled, lost, or sent without an intent", () => {
  const sound = { onExchange: ["a", "b"], intended: ["b", "a"], bareRows: 2, presses: 2 };
  checkOrders(sound);
  expect(() => checkOrders({ ...sound, onExchange: ["a", "b", "b"] })).toThrow(/not every press/);
  expect(() => checkOrders({ ...sound, onExchange: ["a"] })).toThrow(/not every press/);
  expect(() => checkOrders({ ...sound, intended: ["a"] })).toThrow(/not every press/);
  expect(() => checkOrders({ ...sound, bareRows: 1 })).toThrow(/not every press/);
});
