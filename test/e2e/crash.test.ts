import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env, Simulator } from "./program.ts";
import { makeHome, runJson, start, startSimulator } from "./program.ts";

interface OrderJson {
  readonly clientOrderId: string;
  readonly state: string;
}

/** A wire between console and exchange that can hold what passes, so that a kill falls exactly where it is wanted. */
async function openWire(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let hold: "requests" | "answers" | undefined;
  const reached = Promise.withResolvers<undefined>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname);
    sockets.add(near).add(far);
    let isOrder = false;
    near.on("data", (chunk: Buffer) => {
      isOrder = chunk.toString("latin1").startsWith("POST /api/v3/order?");
      if (isOrder && hold === "requests") {
        reached.resolve(undefined);
        return;
      }
      far.write(chunk);
    });
    far.on("data", (chunk: Buffer) => {
      if (isOrder && hold === "answers") {
        reached.resolve(undefined);
        return;
      }
      near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdBack: (what: "requests" | "answers") => {
      hold = what;
    },
    reached: reached.promise,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
let wire: Awaited<ReturnType<typeof openWire>>;
let price: string;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "9"], home.path);
  wire = await openWire(simulator.rest);
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  price = (Number(((await answer.json()) as { bidPrice: string }).bidPrice) * 0.997).toFixed(2);
});
afterEach(async () => {
  await wire.close();
  await simulator.stop();
  home.remove();
});

const wired = (): Env => ({ ...simulator.env, TAPEDECK_REST_URL: wire.url });
const placing = () => start(["order", "place", "buy", "BTCUSDT", "0.01", "@", price, "--client-id", "mine-1"], wired());
const stored = () => runJson<{ orders: readonly OrderJson[] }>(["order", "ls", "--stored"], simulator.env);
const reconciled = () => runJson<{ orders: readonly OrderJson[] }>(["order", "ls"], simulator.env);
const onExchange = async () => (await simulator.ledger()).orders.filter((order) => order.clientOrderId === "mine-1");

/** Asks until every order is proven; what the exchange may still take is waited for. */
async function settled(): Promise<readonly OrderJson[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { orders } = await reconciled();
    if (orders.every((order) => order.state !== "submitted" && order.state !== "unknown")) return orders;
    if (Date.now() > deadline) throw new Error(`still not proven: ${JSON.stringify(orders)}`);
  }
}

describe("a kill -9 of the console", () => {
  it("after the intent was written: on disk, never called failed, and nothing is sent later", async () => {
    wire.holdBack("requests");
    const console = placing();
    await wire.reached;
    console.child.kill("SIGKILL");
    await console.finished;
    expect((await stored()).orders).toMatchObject([{ clientOrderId: "mine-1", state: "submitted" }]);
    const orders = await settled();
    expect(orders).toMatchObject([{ clientOrderId: "mine-1", state: "expired" }]);
    expect(await onExchange()).toHaveLength(0);
  });

  it("after the request left: found on the exchange, once", async () => {
    wire.holdBack("answers");
    const console = placing();
    await wire.reached;
    console.child.kill("SIGKILL");
    await console.finished;
    expect((await stored()).orders).toMatchObject([{ clientOrderId: "mine-1", state: "submitted" }]);
    expect((await reconciled()).orders).toMatchObject([{ clientOrderId: "mine-1", state: "open" }]);
    expect(await onExchange()).toHaveLength(1);
  });

  it("after the answer came: open, once, whatever was still to be done", async () => {
    const console = placing();
    const ended = await console.finished;
    expect(ended.code).toBe(0);
    expect((await reconciled()).orders).toMatchObject([{ clientOrderId: "mine-1", state: "open" }]);
    expect(await onExchange()).toHaveLength(1);
  });

  it("at any moment: ten orders, ten kills, none doubled and none lost", async () => {
    for (let round = 0; round < 10; round += 1) {
      const console = start(
        ["order", "place", "buy", "BTCUSDT", "0.001", "@", price, "--client-id", `mine-${round}`],
        simulator.env,
      );
      // Spread over the whole life of the command, from its first line to its last.
      const timer = setTimeout(() => console.child.kill("SIGKILL"), 150 + round * 60);
      await console.finished;
      clearTimeout(timer);
    }
    const orders = await settled();
    const exchange = (await simulator.ledger()).orders;
    const ids = exchange.map((order) => order.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(orders.find((order) => order.clientOrderId === id)?.state).toBe("open");
    for (const order of orders) {
      if (!ids.includes(order.clientOrderId)) expect(order.state).toBe("expired");
    }
  });
});

it("an answer lost on the way leaves an order that is found by its id and never sent twice", async () => {
  await simulator.control("faults", { kind: "lost-response", target: "order", method: "POST", count: 1 });
  const order = await runJson<OrderJson>(
    ["order", "place", "buy", "BTCUSDT", "0.01", "@", price, "--client-id", "mine-1"],
    simulator.env,
  );
  expect(order.state).toBe("open");
  expect(await onExchange()).toHaveLength(1);
});

it("an exchange that stays away leaves the order unknown, with exit code 8, until it is back", async () => {
  wire.holdBack("answers");
  const placed = placing();
  await wire.reached;
  await wire.close();
  const { code, stdout, stderr } = await placed.finished;
  expect(`${code} ${stdout}${stderr}`).toMatch(/^8 /);
  expect((await reconciled()).orders).toMatchObject([{ clientOrderId: "mine-1", state: "open" }]);
  expect(await onExchange()).toHaveLength(1);
});
