import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 2 });
  client = createClient(simulator);
});
afterEach(async () => {
  await client.control("reset", {});
});
afterAll(async () => {
  await simulator.close();
});

const place = async (id: string) =>
  await client.signed(
    "POST",
    "/order",
    `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=60000&newClientOrderId=${id}`,
  );
const query = async (id: string) =>
  (await client.signed("GET", "/order", `symbol=BTCUSDT&origClientOrderId=${id}`)).body;

describe("faults of requests", () => {
  it("a lost request never arrives, a lost response was carried out", async () => {
    await client.control("faults", { kind: "lost-request", target: "order", method: "POST" });
    await client.control("faults", { kind: "lost-response", target: "order", method: "POST" });
    await expect(place("one")).rejects.toThrow();
    expect(await query("one")).toMatchObject({ code: -2013 });
    await expect(place("two")).rejects.toThrow();
    expect(await query("two")).toMatchObject({ status: "NEW" });
    expect(await place("three")).toMatchObject({ status: 200 });
  });

  it("5xx comes with or without the order", async () => {
    await client.control("faults", { kind: "5xx", target: "order", method: "POST" });
    await client.control("faults", { kind: "5xx", target: "order", method: "POST", processed: true });
    expect([(await place("one")).status, (await place("two")).status]).toEqual([503, 503]);
    expect(await query("one")).toMatchObject({ code: -2013 });
    expect(await query("two")).toMatchObject({ status: "NEW" });
  });

  it("429 carries Retry-After, 403 is a page of the firewall", async () => {
    await client.control("faults", { kind: "429", target: "/api/v3/depth", retryAfterSeconds: 7 });
    await client.control("faults", { kind: "403", target: "any" });
    const first = await client.call("GET", "/api/v3/depth", "symbol=BTCUSDT");
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    const second = await client.call("GET", "/api/v3/ping");
    expect([second.status, second.headers.get("retry-after")]).toEqual([403, null]);
    expect(second.body).toContain("<html>");
    expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
  });

  it("a share of the requests is drawn from the seed, the same each time, until the faults end", async () => {
    const draw = async (seed: number): Promise<readonly number[]> => {
      await client.control("faults", { kind: "5xx", target: "/api/v3/ping", share: 0.3, seed });
      const statuses: number[] = [];
      for (let count = 0; count < 60; count += 1) statuses.push((await client.call("GET", "/api/v3/ping")).status);
      await client.control("faults", { kind: "none" });
      return statuses;
    };
    const first = await draw(7);
    const hits = first.filter((status) => status === 503).length;
    expect(hits).toBeGreaterThan(8);
    expect(hits).toBeLessThan(30);
    expect(await draw(7)).toEqual(first);
    expect(await draw(8)).not.toEqual(first);
    expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
  });

  it("a delayed answer was carried out before it comes", async () => {
    await client.control("faults", { kind: "delay", target: "order", method: "POST", delayMs: 300 });
    const placing = place("late");
    let order: unknown;
    do order = await query("late");
    while ((order as { readonly code?: number }).code === -2013);
    expect(order).toMatchObject({ status: "NEW" });
    expect((await placing).status).toBe(200);
  });

  it("a clock that is off shows in the time and refuses who does not follow it", async () => {
    await client.control("faults", { kind: "clock-offset", offsetMs: 60_000 });
    const { serverTime } = (await client.get("/time")) as { readonly serverTime: number };
    expect(serverTime - Date.now()).toBeGreaterThan(55_000);
    expect((await client.signed("GET", "/account")).body).toMatchObject({ code: 700003 });
    expect((await client.signed("GET", "/account", "", 60_000)).status).toBe(200);
  });
});

describe("limits, when they are on", () => {
  it("twelve order actions a second, then 429 with Retry-After", async () => {
    const now = Date.now();
    const limited = await startSimulator({ symbolCount: 2, limits: true, now: () => now });
    try {
      const user = createClient(limited);
      const act = async () => await user.signed("DELETE", "/order", "symbol=BTCUSDT&orderId=C02__0");
      const statuses: number[] = [];
      for (let count = 0; count < 13; count += 1) statuses.push((await act()).status);
      expect(statuses).toEqual([...Array<number>(12).fill(400), 429]);
      expect((await act()).headers.get("retry-after")).toBe("1");
      for (let count = 0; count < 12; count += 1) await user.get("/exchangeInfo", "symbol=BTCUSDT");
      expect(await user.get("/ping")).toMatchObject({ code: 429 });
    } finally {
      await limited.close();
    }
  });
});
