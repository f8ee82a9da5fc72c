import { afterAll, beforeAll, expect, it } from "vitest";
import type { CcxtClient } from "./ccxt-client.ts";
import { openCcxt } from "./ccxt-client.ts";
import type { ServedExchange } from "./exchange-program.ts";
import { serveExchange } from "./exchange-program.ts";

// Alone in its file: who exceeds the limits is refused for everything that comes after.
let exchange: ServedExchange;
let ccxt: CcxtClient;

beforeAll(async () => {
  exchange = await serveExchange();
  ccxt = await openCcxt(exchange);
  await ccxt.loadMarkets();
});
afterAll(async () => {
  await ccxt?.close();
  await exchange?.[Symbol.asyncDispose]();
});

it("ccxt told to pace nothing is told of too many orders a second, and goes on when it has waited", async () => {
  const price = Math.floor((await ccxt.fetchTicker("BTC/USDT")).last * 0.9);
  ccxt.enableRateLimit = false;
  const placements = Array.from({ length: 16 }, () => ccxt.createOrder("BTC/USDT", "limit", "buy", 0.001, price));
  const outcomes = await Promise.allSettled(placements);
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as Error] : []));
  expect(outcomes.length - refused.length).toBe(12);
  for (const error of refused) {
    expect(error.name).toBe("RateLimitExceeded");
    expect(error.message).toContain('"code":429');
  }
  ccxt.enableRateLimit = true;
  const later = async () =>
    (await ccxt.createOrder("BTC/USDT", "limit", "buy", 0.001, price).catch(() => undefined))?.id;
  await expect.poll(later, { interval: 1_100, timeout: 10_000 }).toMatch(/^C02__/);
  expect(await ccxt.fetchOpenOrders("BTC/USDT")).toHaveLength(13);
});
