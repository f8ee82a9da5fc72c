import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCcxt } from "./ccxt-client.ts";
import type { CcxtClient } from "./ccxt-client.ts";
import { serveExchange } from "./exchange-program.ts";

let exchange: Awaited<ReturnType<typeof serveExchange>>;
let ccxt: CcxtClient;

beforeAll(async () => {
  exchange = await serveExchange();
  ccxt = await openCcxt(exchange);
});
afterAll(async () => {
  await ccxt?.close();
  await exchange?.[Symbol.asyncDispose]();
});

describe("ccxt without a key's rights", () => {
  it("reads the exchange's time", async () => {
    expect(Math.abs((await ccxt.fetchTime()) - Date.now())).toBeLessThan(2_000);
  });
});
