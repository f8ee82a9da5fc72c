import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import type { RestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createExchangeGateway } from "../../../src/adapters/mexc/rest/exchange-gateway.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import { clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import { notional, price, quantity } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";

/** What arrived at the socket, byte for byte. */
interface Arrived {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const arrived: Arrived[] = [];
const signal = new AbortController().signal;
let client: RestClient;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    if (line.includes("/time")) {
      response.end(JSON.stringify({ serverTime: Date.now() }));
      return;
    }
    arrived.push({ line, headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
    response.end("{}");
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = createRestClient({
    restUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: { apiKey: "mx0aBYs33eIilxBWC5", apiSecret: Buffer.from("45d0b3c26f2644f19bfb98b07741b2f5") },
    clock: createSystemClock(),
  });
});
afterAll(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function lineOf(run: () => Promise<unknown>): Promise<Arrived> {
  arrived.length = 0;
  await run();
  const [first] = arrived;
  if (first === undefined || arrived.length !== 1) throw new Error(`${arrived.length} requests arrived`);
  return first;
}

/** The line without its time stamp and signature, which are checked. */
function unsigned({ line, headers }: Arrived): string {
  const [method = "", url = ""] = line.split(" ");
  const [path = "", query = ""] = url.split("?");
  const match = /^(.*)&signature=([0-9a-f]{64})$/.exec(query);
  if (match?.[1] === undefined) throw new Error(`the signature is not last, or not lower-case hex: ${query}`);
  const expected = createHmac("sha256", "45d0b3c26f2644f19bfb98b07741b2f5").update(match[1]).digest("hex");
  expect(match[2]).toBe(expected);
  expect(headers["x-mexc-apikey"]).toBe("mx0aBYs33eIilxBWC5");
  const plain = match[1].replace(/&?recvWindow=5000&timestamp=(\d{13})$/, "");
  expect(plain).not.toBe(match[1]);
  return `${method} ${path} ${plain}`;
}

const LIMIT: OrderDraft = {
  symbol: marketSymbol("BTCUSDT"),
  side: "buy",
  type: "limit",
  size: { kind: "base", quantity: quantity("0.00100") },
  limitPrice: price("65000.10"),
};
const { limitPrice: _none, ...UNPRICED } = LIMIT;

describe("a request to trade", () => {
  it.each<[string, OrderDraft, string]>([
    ["limit", LIMIT, "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.001&price=65000.1"],
    [
      "post-only",
      { ...LIMIT, type: "post-only" },
      "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.001&price=65000.1",
    ],
    [
      "immediate or cancel",
      { ...LIMIT, type: "immediate-or-cancel" },
      "symbol=BTCUSDT&side=BUY&type=IMMEDIATE_OR_CANCEL&quantity=0.001&price=65000.1",
    ],
    [
      "fill or kill, of the least quantity",
      { ...LIMIT, type: "fill-or-kill", size: { kind: "base", quantity: quantity("0.00000001") } },
      "symbol=BTCUSDT&side=BUY&type=FILL_OR_KILL&quantity=0.00000001&price=65000.1",
    ],
    [
      "market, sold by quantity",
      { ...UNPRICED, side: "sell", type: "market" },
      "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.001",
    ],
    [
      "market, bought by quote",
      { ...UNPRICED, type: "market", size: { kind: "quote", notional: notional("50") } },
      "symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=50",
    ],
    [
      "in a market of another script",
      { ...LIMIT, symbol: marketSymbol("龙虾(X)USDT") },
      "symbol=%E9%BE%99%E8%99%BE%28X%29USDT&side=BUY&type=LIMIT&quantity=0.001&price=65000.1",
    ],
  ])("carries a %s order in the query, under a content type of JSON, with no body", async (_name, draft, query) => {
    const gateway = createExchangeGateway(client);
    const intent = { clientOrderId: clientOrderId("td-(1)"), draft: draft as Approved<OrderDraft>, at: Date.now() };
    const got = await lineOf(() => gateway.submit(intent, signal));
    expect(unsigned(got)).toBe(`POST /api/v3/order ${query}&newClientOrderId=td-%281%29`);
    expect(got.body).toBe("");
    expect(got.headers["content-type"]).toBe("application/json");
    expect(got.headers["transfer-encoding"]).toBeUndefined();
  });

  it("names the order of a cancel by our id, else by the exchange's", async () => {
    const gateway = createExchangeGateway(client);
    const symbol = LIMIT.symbol;
    const own = await lineOf(() => gateway.cancel({ symbol, clientOrderId: clientOrderId("td-1") }, signal));
    expect(unsigned(own)).toBe("DELETE /api/v3/order symbol=BTCUSDT&origClientOrderId=td-1");
    expect([own.body, own.headers["content-type"]]).toEqual(["", "application/json"]);
    const foreign = await lineOf(() => gateway.cancel({ symbol, orderId: orderId("C02__1") }, signal));
    expect(unsigned(foreign)).toBe("DELETE /api/v3/order symbol=BTCUSDT&orderId=C02__1");
  });

  it("keeps a listen key alive by PUT, with everything in the query", async () => {
    const params = { listenKey: "a".repeat(64) };
    const got = await lineOf(() =>
      client.call({ method: "PUT", path: "/api/v3/userDataStream", params, signed: true, signal }),
    );
    expect(unsigned(got)).toBe(`PUT /api/v3/userDataStream listenKey=${"a".repeat(64)}`);
    expect(got.body).toBe("");
  });

  it("signs an empty query, too", async () => {
    const got = await lineOf(() => client.call({ method: "GET", path: "/api/v3/account", signed: true, signal }));
    expect(got.line).toMatch(/^GET \/api\/v3\/account\?recvWindow=5000&timestamp=\d{13}&signature=[0-9a-f]{64}$/);
  });
});

describe("a public question", () => {
  it("carries no key and no signature", async () => {
    const params = { symbol: "龙虾USDT", limit: 5, until: undefined };
    const got = await lineOf(() =>
      client.call({ method: "GET", path: "/api/v3/depth", params, signed: false, signal }),
    );
    expect(got.line).toBe("GET /api/v3/depth?symbol=%E9%BE%99%E8%99%BEUSDT&limit=5");
    expect(got.headers).not.toHaveProperty("x-mexc-apikey");
    // Nothing compressed is asked for, so nothing small can unfold into something large.
    expect(got.headers).not.toHaveProperty("accept-encoding");
  });
});
