import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();
const BUY = ["order", "place", "buy", "BTCUSDT", "0.01", "@", "20000", "--json"] as const;

async function control(call: string, body?: object): Promise<unknown> {
  const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await fetch(`${there.simulator.restUrl}/_sim/${call}`, request)).json();
}

async function ordersThere(): Promise<number> {
  return ((await control("ledger")) as { readonly orders: readonly unknown[] }).orders.length;
}

it("an order that meets two 429 in a row is known as not taken once a look can be had, not half a minute later", async () => {
  // The order, and the first question for it.
  await control("faults", { kind: "429", target: "/api/v3/order", count: 2, retryAfterSeconds: 1 });
  const startedAt = performance.now();
  const { code, objects, errors } = await there.line(...BUY);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(code).toBe(6);
  expect(objects()).toMatchObject([{ state: "rejected", reason: { code: "RATE_LIMITED" } }]);
  expect(JSON.stringify(errors())).toContain("too many requests (429)");
  expect(await ordersThere()).toBe(0);
});
