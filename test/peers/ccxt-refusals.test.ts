import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CcxtClient } from "./ccxt-client.ts";
import { openCcxt } from "./ccxt-client.ts";
import type { ServedExchange } from "./exchange-program.ts";
import { serveExchange } from "./exchange-program.ts";

const BTC = "BTC/USDT";

let exchange: ServedExchange;
let ccxt: CcxtClient;
let last = 0;

beforeAll(async () => {
  exchange = await serveExchange(["--key", "mx0peersFirst:one"]);
  ccxt = await openCcxt(exchange);
  await ccxt.loadMarkets();
  last = (await ccxt.fetchTicker(BTC)).last;
});
afterAll(async () => {
  await ccxt?.close();
  await exchange?.[Symbol.asyncDispose]();
});

/** The class ccxt throws, and the exchange's code in its text. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => {
      throw new Error("it was not refused");
    },
    (cause: unknown) => cause as Error,
  );
  const code = /"code":(-?\d+)/.exec(error.message)?.[1] ?? "none";
  return `${error.name} ${code}`;
}

const ORDERS = [
  ["more than the balance buys", "InsufficientFunds 30004", () => buy(2, last * 0.9)],
  ["more than is held", "InsufficientFunds 30005", () => sell(1.5, last * 1.1)],
  ["less than the least amount", "InvalidOrder 30002", () => buy(0.00001, last * 0.9)],
  ["more than the greatest amount", "InvalidOrder 30003", () => buy(90, last * 0.9)],
  ["a price beyond the band", "InvalidOrder 30087", () => buy(0.001, last * 1.2)],
  ["a market the API may not trade", "BadSymbol 10007", () => ccxt.createOrder("LOKA/USDT", "limit", "buy", 100, 0.19)],
  [
    "both sizes of a market order",
    "BadRequest -1128",
    () => ccxt.createOrder(BTC, "market", "buy", 1, undefined, { quantity: "0.001", quoteOrderQty: "50" }),
  ],
] as const;

const buy = (amount: number, price: number) => ccxt.createOrder(BTC, "limit", "buy", amount, price);
const sell = (amount: number, price: number) => ccxt.createOrder(BTC, "limit", "sell", amount, price);

describe("ccxt understands why an order is refused:", () => {
  it.each(ORDERS)("%s is %s", async (_what, expected, place) => {
    expect(await refusalOf(place())).toBe(expected);
  });

  it("an unknown order to cancel or to look up", async () => {
    expect(await refusalOf(ccxt.cancelOrder("C02__000000000000000000", BTC))).toBe("BadRequest -2011");
    expect(await refusalOf(ccxt.fetchOrder("C02__000000000000000000", BTC))).toBe("ExchangeError -2013");
  });

  it("a client order id that an open order has", async () => {
    const price = Math.floor(last * 0.9);
    const place = () => ccxt.createOrder(BTC, "limit", "buy", 0.001, price, { clientOrderId: "twice" });
    const { id } = await place();
    expect(await refusalOf(place())).toBe("BadRequest 400");
    await ccxt.cancelOrder(id, BTC);
  });

  it("a market nobody knows", async () => {
    expect(await refusalOf(ccxt.spotPublicGetDepth({ symbol: "NOPEUSDT" }))).toBe("BadSymbol -1121");
  });
});

describe("ccxt understands who is refused:", () => {
  it("a wrong secret", async () => {
    const wrong = await openCcxt(exchange, { secret: "0".repeat(32) });
    expect(await refusalOf(wrong.fetchBalance())).toBe("AuthenticationError 700002");
    await wrong.close();
  });

  it("a key that is none", async () => {
    const wrong = await openCcxt(exchange, { apiKey: "??" });
    expect(await refusalOf(wrong.fetchBalance())).toBe("AuthenticationError 700001");
    await wrong.close();
  });

  it("a clock outside of the window, and a window that is too wide", async () => {
    const slow = await openCcxt(exchange, { options: { timeDifference: 20_000 } });
    expect(await refusalOf(slow.fetchBalance())).toBe("InvalidNonce 700003");
    await slow.close();
    const wide = await openCcxt(exchange, { options: { recvWindow: 60_001 } });
    expect(await refusalOf(wide.fetchBalance())).toBe("InvalidNonce 700005");
    await wide.close();
  });
});

describe("ccxt understands trouble on the way:", () => {
  afterEach(() => exchange.control("faults", { kind: "clock-offset", offsetMs: 0 }));

  it("its clock repaired by the exchange's time", async () => {
    await exchange.control("faults", { kind: "clock-offset", offsetMs: 30_000 });
    expect(await refusalOf(ccxt.fetchBalance())).toBe("InvalidNonce 700003");
    const adjusted = await openCcxt(exchange, { options: { adjustForTimeDifference: true } });
    await adjusted.loadMarkets();
    expect((await adjusted.fetchBalance()).total["BTC"]).toBe(1);
    await adjusted.close();
  });

  it("429, 418 as text of too many requests, 5xx, the firewall's page and a lost answer", async () => {
    await exchange.control("faults", { kind: "429", count: 1, retryAfterSeconds: 1 });
    expect(await refusalOf(ccxt.fetchTime())).toBe("RateLimitExceeded 429");
    await exchange.control("faults", { kind: "5xx", count: 1 });
    expect(await refusalOf(ccxt.fetchTime())).toMatch(/^ExchangeNotAvailable/);
    await exchange.control("faults", { kind: "403", count: 1 });
    expect(await refusalOf(ccxt.fetchTime())).toBe("ExchangeNotAvailable none");
    await exchange.control("faults", { kind: "lost-response", count: 1 });
    expect(await refusalOf(ccxt.fetchTime())).toMatch(/^(NetworkError|ExchangeNotAvailable|RequestTimeout) none$/);
    expect(await ccxt.fetchTime()).toBeGreaterThan(0);
  });
});
