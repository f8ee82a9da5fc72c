import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

// Within the receive window of a client that keeps the real time.
const OPENS_IN_MS = 3_000;
let now = Date.now();
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeEach(async () => {
  simulator = await startSimulator({ symbolCount: 2, now: () => now });
  client = createClient(simulator);
});
afterEach(() => simulator.close());

interface Row {
  readonly symbol: string;
  readonly status: string;
  readonly isSpotTradingAllowed: boolean;
  readonly firstOpenTime: number;
}
async function row(symbol: string): Promise<Row | undefined> {
  const answer = await fetch(`${simulator.restUrl}/api/v3/exchangeInfo?symbol=${symbol}`);
  return answer.ok ? ((await answer.json()) as { symbols: readonly Row[] }).symbols[0] : undefined;
}
async function askLevels(symbol: string): Promise<number> {
  const answer = await fetch(`${simulator.restUrl}/api/v3/depth?symbol=${symbol}`);
  return ((await answer.json()) as { asks: readonly unknown[] }).asks.length;
}
const buy = () =>
  client.signed("POST", "/order", "symbol=NEWUSDT&side=BUY&type=LIMIT&quantity=100&price=0.5&newClientOrderId=early");

it("lists a market paused and empty, and opens it at its time", async () => {
  expect(await row("NEWUSDT")).toBeUndefined();
  await client.control("listing", { symbol: "NEWUSDT", price: "0.5", openInMs: OPENS_IN_MS });
  expect(await row("NEWUSDT")).toMatchObject({
    status: "2",
    isSpotTradingAllowed: false,
    firstOpenTime: now + OPENS_IN_MS,
  });
  expect(await askLevels("NEWUSDT")).toBe(0);
  expect((await buy()).body).toMatchObject({ code: 30016 });

  now += OPENS_IN_MS;
  const deadline = Date.now() + 5_000;
  while ((await row("NEWUSDT"))?.status !== "1") {
    if (Date.now() > deadline) throw new Error("it never opened");
  }
  expect(await row("NEWUSDT")).toMatchObject({ isSpotTradingAllowed: true });
  expect(await askLevels("NEWUSDT")).toBeGreaterThan(10);
  expect(await buy()).toMatchObject({ status: 200 });
});

it("lists no symbol twice, and none that does not end in its quote", async () => {
  const listing = (body: object) =>
    fetch(`${simulator.restUrl}/_sim/listing`, { method: "POST", body: JSON.stringify(body) });
  expect((await listing({ symbol: "BTCUSDT" })).status).toBe(400);
  expect((await listing({ symbol: "NEWEUR" })).status).toBe(400);
  expect((await listing({ symbol: "NEWUSDT", price: "-1" })).status).toBe(400);
});
