import { describe, expect, it } from "vitest";
import { startSimulator } from "../../src/simulator/start-simulator.ts";

describe("starting the simulator", () => {
  it("makes the same key for the same seed, and takes keys it is given", async () => {
    const [one, same, other] = await Promise.all([
      startSimulator({ seed: 1, symbolCount: 1 }),
      startSimulator({ seed: 1, symbolCount: 1 }),
      startSimulator({ symbolCount: 1, keys: [{ apiKey: "mine", apiSecret: "secret" }] }),
    ]);
    await Promise.all([one.close(), same.close(), other.close()]);
    expect(one.apiKey).toMatch(/^mx0[0-9a-f]{15}$/);
    expect(one.apiSecret).toMatch(/^[0-9a-f]{32}$/);
    expect([same.apiKey, same.apiSecret]).toEqual([one.apiKey, one.apiSecret]);
    expect([other.apiKey, other.apiSecret]).toEqual(["mine", "secret"]);
    expect(one.restUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.wsUrl).toBe(`${one.restUrl.replace("http", "ws")}/ws`);
  });

  it("says when its port is taken", async () => {
    const first = await startSimulator({ symbolCount: 1 });
    const port = Number(new URL(first.restUrl).port);
    await expect(startSimulator({ symbolCount: 1, port })).rejects.toThrow(
      `port ${String(port)} on 127.0.0.1 is already in use`,
    );
    await first.close();
  });

  it("says when it cannot read the recording", async () => {
    const replay = { file: "/nowhere/trades.csv", symbol: "BTCUSDT", speed: 1, originalTimes: false };
    await expect(startSimulator({ replay })).rejects.toThrow("cannot read the recording /nowhere/trades.csv");
  });
});
