import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import type { RestResult } from "../../../src/adapters/mexc/rest/rest-result.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 4, limits: true });
});
afterAll(async () => {
  await simulator.close();
});

const openClient = () =>
  createRestClient({
    restUrl: simulator.restUrl,
    keys: { apiKey: simulator.apiKey, apiSecret: Buffer.from(simulator.apiSecret) },
    clock: createSystemClock(),
  });
const signal = new AbortController().signal;
const status = (result: RestResult) => ("status" in result ? result.status : undefined);

describe("a client on an exchange that enforces its limits", () => {
  it("never gets a 429, however much is asked at once", async () => {
    const client = openClient();
    const cancel = {
      method: "DELETE",
      path: "/api/v3/order",
      params: { symbol: "MXUSDT", orderId: "C02__1" },
    } as const;
    const depth = { method: "GET", path: "/api/v3/depth", params: { symbol: "MXUSDT" } } as const;
    const results = await Promise.all([
      ...Array.from({ length: 24 }, () => client.call({ ...cancel, signed: true, signal })),
      ...Array.from({ length: 20 }, () => client.call({ ...depth, signed: false, signal })),
    ]);
    client.close();
    expect(results.map(status)).not.toContain(429);
    // Nobody was told to wait either: all of it had room within the patience of its lane.
    expect(results.filter((result) => result.kind === "not-sent")).toEqual([]);
    expect(results.filter((result) => result.kind === "ok")).toHaveLength(20);
  });

  it("keeps away after a 429, sends nothing meanwhile, and says for how long", async () => {
    const client = openClient();
    const fault = { kind: "429", target: "/api/v3/ticker", count: 1, retryAfterSeconds: 60 };
    await fetch(`${simulator.restUrl}/_sim/faults`, { method: "POST", body: JSON.stringify(fault) });
    const call = { method: "GET", path: "/api/v3/ticker/price", params: { symbol: "MXUSDT" } } as const;
    const hit = await client.call({ ...call, signed: false, signal });
    expect(hit).toMatchObject({ kind: "unclear", status: 429, retryAfterSeconds: 60 });
    const held = await client.call({ ...call, signed: false, signal });
    client.close();
    expect(held).toMatchObject({
      kind: "not-sent",
      code: "RATE_LIMITED",
      hint: expect.stringMatching(/(59|60) s/) as unknown,
    });
  });
});
