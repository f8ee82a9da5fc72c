import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunningSimulator, SimulatorOptions } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import type { Fields } from "../decode-push.ts";
import { createClient } from "./signed-client.ts";
import type { StreamClient } from "./stream-client.ts";
import { connect as connectStream } from "./stream-client.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ symbolCount: 4, ...options });
  closers.push(() => simulator.close());
  return simulator;
}

async function connect(url: string): Promise<StreamClient> {
  const client = await connectStream(url);
  closers.push(() => {
    client.socket.terminate();
  });
  return client;
}

describe("the stream endpoint", () => {
  it("acknowledges in text and pushes binary frames, uncompressed", async () => {
    const simulator = await open();
    const { socket, texts, bodies, subscribe } = await connect(simulator.wsUrl);
    expect(socket.extensions).toBe("");
    const channel = "spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT";
    subscribe(channel);
    await vi.waitFor(() => expect(bodies("publicAggreDepths").length).toBeGreaterThan(2), { timeout: 2_000 });
    expect(texts).toEqual([JSON.stringify({ id: 0, code: 0, msg: channel })]);
  });

  it("tells an account about its orders over its listen key", async () => {
    const simulator = await open();
    const client = createClient(simulator);
    const { listenKey } = (await client.signed("POST", "/userDataStream")).body as { readonly listenKey: string };
    const { texts, bodies, subscribe } = await connect(`${simulator.wsUrl}?listenKey=${listenKey}`);
    subscribe("spot@private.orders.v3.api.pb", "spot@private.deals.v3.api.pb", "spot@private.account.v3.api.pb");
    await vi.waitFor(() => expect(texts).toHaveLength(1));
    await client.signed("POST", "/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=60000");
    await client.control("move", { symbol: "BTCUSDT", price: "59999" });
    await vi.waitFor(() => expect(bodies("privateDeals")).toHaveLength(1));
    expect(bodies("privateOrders").map((order) => order["status"])).toEqual([1, 2]);
    expect(bodies("privateDeals")[0]).toMatchObject({ price: "60000", quantity: "0.01", isMaker: true });
    expect(bodies("privateAccount").map((change) => change["type"])).toEqual(["ENTRUST_PLACE", "ENTRUST", "ENTRUST"]);
  });

  it("turns a bad listen key away in plain text", async () => {
    const simulator = await open();
    const { texts, closed } = await connect(`${simulator.wsUrl}?listenKey=nonsense`);
    await closed;
    expect(texts).toEqual(["Invalid listen key"]);
  });

  it("is nowhere but at /ws", async () => {
    const simulator = await open();
    await expect(connect(simulator.wsUrl.replace(/ws$/, "stream"))).rejects.toThrow("404");
  });

  it("lets go of who floods it", async () => {
    const simulator = await open();
    const { socket, closed } = await connect(simulator.wsUrl);
    for (let count = 0; count < 250; count += 1) socket.send('{"method":"PING"}');
    expect(await closed).toBe(1006);
  });

  it("ends connections that never subscribe, without a close frame", async () => {
    let now = Date.UTC(2026, 0, 1);
    const simulator = await open({ now: () => now });
    const bare = await connect(simulator.wsUrl);
    now += 31_000;
    expect(await bare.closed).toBe(1006);
  });
});

describe("control calls", () => {
  it("disconnect drops the sockets", async () => {
    const simulator = await open();
    const [one, other] = [await connect(simulator.wsUrl), await connect(simulator.wsUrl)];
    await createClient(simulator).control("disconnect", {});
    expect([await one.closed, await other.closed]).toEqual([1001, 1001]);
  });

  it("close-socket drops them without a close frame", async () => {
    const simulator = await open();
    const { closed } = await connect(simulator.wsUrl);
    await createClient(simulator).control("faults", { kind: "close-socket" });
    expect(await closed).toBe(1006);
  });

  it("a stalled feed answers PING and pushes nothing", async () => {
    const simulator = await open();
    const { socket, texts, pushes, subscribe } = await connect(simulator.wsUrl);
    await createClient(simulator).control("faults", { kind: "stall", durationMs: 60_000 });
    subscribe("spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT");
    for (let round = 1; round <= 20; round += 1) {
      socket.send('{"method":"PING"}');
      await vi.waitFor(() => expect(texts).toHaveLength(1 + round), { interval: 5 });
    }
    expect(pushes).toEqual([]);
  });

  it("deposit, ledger and reset", async () => {
    const simulator = await open();
    const client = createClient(simulator);
    const { apiKey } = simulator;
    await client.control("deposit", { apiKey, asset: "MX", amount: "12.5" });
    await client.signed("POST", "/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=a");
    const ledger = (await client.control("ledger")).body as Record<"orders" | "trades", Fields[]>;
    expect(ledger).toMatchObject({
      accounts: { [apiKey]: { MX: { free: "12.5", locked: "0" }, BTC: { free: "1.01" } } },
      orders: [{ clientOrderId: "a", apiKey, executedQuantity: "0.01", status: "FILLED", type: "MARKET" }],
    });
    expect(Object.keys(ledger.trades[0] ?? {})).toEqual([
      "tradeId",
      "orderId",
      "symbol",
      "side",
      "price",
      "quantity",
      "time",
    ]);
    await client.control("reset", { seed: 5 });
    expect((await client.control("ledger")).body).toEqual({
      accounts: {
        [apiKey]: {
          USDT: { free: "100000", locked: "0" },
          BTC: { free: "1", locked: "0" },
          ETH: { free: "10", locked: "0" },
        },
      },
      orders: [],
      trades: [],
    });
  });

  it.each([
    ["deposit", { apiKey: "nobody", asset: "MX", amount: "1" }],
    ["deposit", { asset: "MX", amount: "-1" }],
    ["move", { symbol: "NOPEUSDT", price: "1" }],
    ["move", { symbol: "BTCUSDT", price: "cheap" }],
    ["faults", { kind: "earthquake" }],
    ["faults", { kind: "delay" }],
    ["reset", { sead: 1 }],
  ])("%s %j is told what is allowed", async (path, input) => {
    const reply = await createClient(await open()).control(path, input);
    const anyText: unknown = expect.any(String);
    expect(reply).toMatchObject({ status: 400, body: { error: anyText, allowed: anyText } });
  });

  it("an unknown control call lists those there are", async () => {
    const reply = await createClient(await open()).control("nonsense", {});
    expect(reply).toMatchObject({
      status: 404,
      body: { allowed: expect.arrayContaining(["GET /_sim/ledger"]) as unknown },
    });
  });
});
