import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { createClient } from "./server/signed-client.ts";
import { connect } from "./server/stream-client.ts";
import type { StreamClient } from "./server/stream-client.ts";

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

let now = START;
let simulator: RunningSimulator;
let streams: StreamClient[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.socket.terminate();
  await simulator.close();
});

async function open() {
  now = START;
  simulator = await startSimulator({ symbolCount: 2, now: () => now, manual: true });
  return createClient(simulator, () => now);
}

async function listen(channel: string): Promise<StreamClient> {
  const stream = await connect(simulator.wsUrl);
  streams = [...streams, stream];
  stream.subscribe(channel);
  await vi.waitFor(() => expect(stream.texts).toHaveLength(1));
  return stream;
}

function advance(ms: number): void {
  now += ms;
  simulator.step();
}

describe("a simulator on a clock moved by hand", () => {
  it("stands still until it is told to step", async () => {
    const client = await open();
    const before = await client.get("/depth", "symbol=BTCUSDT");
    now += 60_000;
    expect(await client.get("/depth", "symbol=BTCUSDT")).toEqual({
      ...(before as object),
      timestamp: now,
    });
    simulator.step();
    expect(await client.get("/depth", "symbol=BTCUSDT")).not.toMatchObject({
      lastUpdateId: (before as { readonly lastUpdateId: number }).lastUpdateId,
    });
  });

  it("keeps an answer back until its delay has passed on that clock", async () => {
    const client = await open();
    await client.control("faults", { kind: "delay", target: "/api/v3/time", delayMs: 600_000 });
    let isAnswered = false;
    const answer = client.get("/time").then((body) => {
      isAnswered = true;
      return body;
    });
    await client.get("/ping");
    advance(599_999);
    await client.get("/ping");
    expect(isAnswered).toBe(false);
    advance(1);
    expect(await answer).toEqual({ serverTime: START });
  });

  it("pushes once a step, however far the clock jumped", async () => {
    await open();
    const stream = await listen("spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT");
    for (let step = 1; step <= 5; step += 1) {
      advance(5_000);
      await vi.waitFor(() => expect(stream.pushes).toHaveLength(step));
    }
    expect(stream.pushes.map((push) => push["sendTime"])).toEqual([1, 2, 3, 4, 5].map((step) => START + step * 5_000));
  });

  it("ends listen keys and opens listings by it", async () => {
    const client = await open();
    const { listenKey } = (await client.signed("POST", "/userDataStream")).body as { readonly listenKey: string };
    await client.control("listing", { symbol: "NEWUSDT", rowInMs: 0, openInMs: 2 * HOUR });
    advance(HOUR - 1);
    expect((await client.signed("GET", "/userDataStream")).body).toMatchObject({ listenKey: [listenKey] });
    advance(1);
    expect((await client.signed("GET", "/userDataStream")).body).toMatchObject({ listenKey: [] });
    expect(await client.get("/exchangeInfo", "symbol=NEWUSDT")).toMatchObject({ symbols: [{ status: "2" }] });
    advance(HOUR);
    expect(await client.get("/exchangeInfo", "symbol=NEWUSDT")).toMatchObject({ symbols: [{ status: "1" }] });
  });
});
