import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "./program.ts";
import { makeHome, run, runJson, start, startSimulator } from "./program.ts";

interface OrderJson {
  readonly clientOrderId: string;
  readonly orderId: string | null;
  readonly state: string;
  readonly filledQuantity: string;
}

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
beforeAll(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "5"], home.path);
});
afterAll(async () => {
  await simulator.stop();
  home.remove();
});

const env = () => simulator.env;
const place = (...words: string[]) => runJson<OrderJson>(["order", "place", ...words], env());

async function bestBid(symbol: string): Promise<number> {
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=${symbol}`);
  return Number(((await answer.json()) as { bidPrice: string }).bidPrice);
}

describe("a simulated exchange started apart", () => {
  it("takes a market order and shows it filled", async () => {
    const order = await place("buy", "BTCUSDT", "0.01");
    expect(order).toMatchObject({ state: "filled", filledQuantity: "0.01" });
  });

  it("takes a resting order, shows it, and cancels it", async () => {
    const price = ((await bestBid("BTCUSDT")) * 0.998).toFixed(2);
    const order = await place("buy", "BTCUSDT", "0.01", "@", price);
    expect(order.state).toBe("open");
    const { orders } = await runJson<{ orders: readonly OrderJson[] }>(["order", "ls"], env());
    expect(orders.map((it) => it.clientOrderId)).toContain(order.clientOrderId);
    expect(await runJson<OrderJson>(["order", "show", order.clientOrderId], env())).toMatchObject({ state: "open" });
    const cancelled = await runJson<OrderJson>(["order", "cancel", order.clientOrderId], env());
    expect(cancelled.state).toBe("cancelled");
  });

  it("fills a part of an order, and the rest is still there to cancel", async () => {
    // More than stands at the best levels, at a limit just above them: some of it trades at once.
    const bid = await bestBid("MXUSDT");
    const order = await place("buy", "MXUSDT", "5000", "@", (bid * 1.0006).toFixed(4));
    expect(["partially-filled", "open", "filled"]).toContain(order.state);
    const shown = await runJson<OrderJson>(["order", "show", order.clientOrderId], env());
    const truth = (await simulator.ledger()).orders.find((it) => it.clientOrderId === order.clientOrderId);
    expect(Number(shown.filledQuantity)).toBe(Number(truth?.executedQuantity));
    if (shown.state !== "filled") {
      const ended = await runJson<OrderJson>(["order", "cancel", order.clientOrderId], env());
      expect(ended.state).toBe("cancelled");
      expect(Number(ended.filledQuantity)).toBeGreaterThanOrEqual(Number(shown.filledQuantity));
    }
  });

  it("checks an order without booking it", async () => {
    const before = (await simulator.ledger()).orders.length;
    const price = ((await bestBid("BTCUSDT")) * 0.998).toFixed(2);
    const { code } = await run(["order", "test", "buy", "BTCUSDT", "0.01", "@", price], env());
    expect(code).toBe(0);
    expect((await simulator.ledger()).orders).toHaveLength(before);
  });
});

describe("wrong input", () => {
  interface ErrorJson {
    readonly error: { readonly code: string; readonly message: string };
  }
  it.each<[string, readonly string[], number, string]>([
    ["an unknown symbol", ["order", "place", "buy", "NOPEUSDT", "1"], 2, "SYMBOL_UNKNOWN"],
    ["too small", ["order", "place", "buy", "BTCUSDT", "0.000001"], 5, "NOTIONAL_TOO_SMALL"],
    ["too many decimals", ["order", "place", "buy", "BTCUSDT", "0.123456789", "@", "64000"], 5, "QUANTITY_NOT_ON_STEP"],
    ["a price off the tick", ["order", "place", "buy", "BTCUSDT", "0.01", "@", "64000.001"], 5, "PRICE_NOT_ON_TICK"],
    ["no such command", ["order", "plaice"], 2, ""],
    ["words that are no order", ["order", "place", "buy", "BTCUSDT", "abc"], 2, ""],
    ["an order nobody knows", ["order", "show", "td-nobody"], 1, ""],
  ])("%s ends with a clear error and its code", async (_name, args, exitCode, code) => {
    const before = (await simulator.ledger()).orders.length;
    const { code: ended, stderr, stdout } = await run([...args, "--json"], env());
    expect(`${ended} ${stderr}`).toMatch(new RegExp(`^${exitCode} `));
    expect(stdout).toBe("");
    if (code !== "") expect((JSON.parse(stderr) as ErrorJson).error.code).toBe(code);
    expect((await simulator.ledger()).orders).toHaveLength(before);
  });

  it("no balance is told before anything leaves", async () => {
    const before = (await simulator.ledger()).orders.length;
    const { code, stderr } = await run(["order", "place", "sell", "ETHUSDT", "100", "@", "3400", "--json"], env());
    expect(code).toBe(5);
    expect((JSON.parse(stderr) as ErrorJson).error.code).toBe("BALANCE_TOO_SMALL");
    expect((await simulator.ledger()).orders).toHaveLength(before);
  });

  it("a balance that pays the order and not its fee is the exchange's no, with its code", async () => {
    const { accounts } = await simulator.ledger();
    const free = Math.max(...Object.values(accounts).map((held) => Number(held["USDT"]?.free ?? 0)));
    // Worth a ten-thousandth less than what is free, and the fee is five of them.
    const quantity = ((free / 3_000) * 0.9999).toFixed(4);
    const line = ["order", "place", "buy", "ETHUSDT", quantity, "@", "3000", "--json"];
    const { code, stderr, stdout } = await run(line, env());
    expect(code).toBe(6);
    expect(stdout + stderr).toMatch(/30005|30004/);
  });

  it("explains an order with tp and sl, and sends nothing", async () => {
    const before = (await simulator.ledger()).orders.length;
    const line = ["order", "place", "buy", "btcusdt", "50", "usdt", "@", "-0.2%", "tp", "+3%", "sl", "-1.5%"];
    const shown = await runJson<{ readonly order: string; readonly approved: boolean }>([...line, "--explain"], env());
    expect(shown.order).toMatch(/^buy BTCUSDT 0\.000\d+ @ \d+(?:\.\d{1,2})? tp \+3% sl -1\.5%$/);
    expect(shown.approved).toBe(true);
    expect((await simulator.ledger()).orders).toHaveLength(before);
  });

  it("a bad signature stops before anything is placed", async () => {
    const wrong = { ...env(), MEXC_API_SECRET: "f".repeat(32) };
    const { code, stderr } = await run(["order", "place", "buy", "BTCUSDT", "0.01", "--json"], wrong);
    expect(code).toBe(4);
    expect((JSON.parse(stderr) as ErrorJson).error.code).toBe("SIGNATURE_REFUSED");
  });

  it("a clock ten seconds off is told as such, and nothing is sent", async () => {
    const before = (await simulator.ledger()).orders.length;
    await simulator.control("faults", { kind: "clock-offset", offsetMs: 10_000 });
    const { code, stderr } = await run(["order", "place", "buy", "BTCUSDT", "0.01", "--json"], env());
    await simulator.control("faults", { kind: "clock-offset", offsetMs: 0 });
    expect(code).toBe(3);
    expect((JSON.parse(stderr) as ErrorJson).error.code).toBe("CLOCK_OFFSET_TOO_LARGE");
    expect((await simulator.ledger()).orders).toHaveLength(before);
  });

  it("no exchange is exit code 7, and what is stored can still be read", async () => {
    const gone = { ...env(), TAPEDECK_REST_URL: "http://127.0.0.1:9", TAPEDECK_WS_URL: "ws://127.0.0.1:9/ws" };
    expect((await run(["order", "place", "buy", "BTCUSDT", "0.01"], gone)).code).toBe(7);
    expect((await run(["market", "show", "BTCUSDT"], gone)).code).toBe(7);
    expect((await run(["order", "ls", "--stored"], gone)).code).toBe(0);
  });

  it("no keys is exit code 4", async () => {
    const { MEXC_API_KEY: _key, MEXC_API_SECRET: _secret, ...keyless } = env() as Record<string, string>;
    expect((await run(["order", "place", "buy", "BTCUSDT", "0.01"], keyless)).code).toBe(4);
  });
});

describe("a restart of either side", () => {
  let own: ReturnType<typeof makeHome>;
  beforeEach(() => {
    own = makeHome();
  });
  afterEach(() => {
    own.remove();
  });

  it("of the exchange with its state: the order is found open again and can be cancelled", async () => {
    const state = [
      "--seed",
      "5",
      "--state",
      `${own.path}/exchange.ndjson`,
      "--key",
      "mx0vglRestart01:0123456789abcdef0123456789abcdef",
    ];
    const first = await startSimulator(state, own.path);
    const bid = Number(
      ((await (await fetch(`${first.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`)).json()) as { bidPrice: string })
        .bidPrice,
    );
    const order = await runJson<OrderJson>(
      ["order", "place", "buy", "BTCUSDT", "0.01", "@", (bid * 0.996).toFixed(2)],
      first.env,
    );
    expect(order.state).toBe("open");
    await first.stop("SIGKILL");
    const second = await startSimulator(state, own.path);
    try {
      const shown = await runJson<OrderJson>(["order", "show", order.clientOrderId], second.env);
      expect(shown).toMatchObject({ state: "open", orderId: order.orderId });
      const ended = await runJson<OrderJson>(["order", "cancel", order.clientOrderId], second.env);
      expect(ended.state).toBe("cancelled");
    } finally {
      await second.stop();
    }
  });

  it("of an exchange that forgot everything: the order is unknown, not failed, and trading goes on", async () => {
    const key = ["--seed", "5", "--key", "mx0vglRestart02:0123456789abcdef0123456789abcdef"];
    const first = await startSimulator(key, own.path);
    const bid = Number(
      ((await (await fetch(`${first.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`)).json()) as { bidPrice: string })
        .bidPrice,
    );
    const order = await runJson<OrderJson>(
      ["order", "place", "buy", "BTCUSDT", "0.01", "@", (bid * 0.996).toFixed(2)],
      first.env,
    );
    await first.stop("SIGKILL");
    const second = await startSimulator(key, own.path);
    try {
      const { orders } = await runJson<{ orders: readonly OrderJson[] }>(["order", "ls"], second.env);
      expect(orders.find((it) => it.clientOrderId === order.clientOrderId)?.state).toBe("unknown");
      expect((await runJson<OrderJson>(["order", "place", "buy", "BTCUSDT", "0.01"], second.env)).state).toBe("filled");
    } finally {
      await second.stop();
    }
  });
});

it("ends a stream cleanly when its reader goes away", async () => {
  const watching = start(["market", "watch", "BTCUSDT"], env());
  await watching.line((line) => line.includes('"type":"trade"'));
  watching.child.stdout?.destroy();
  expect((await watching.finished).code).toBe(0);
});
