import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeQuery, openVenue, sign } from "./venue.ts";
import type { Key, Row, VenueClient } from "./venue.ts";

const VECTOR_KEY: Key = { apiKey: "mx0aBYs33eIilxBWC5", secret: "45d0b3c26f2644f19bfb98b07741b2f5" };
const VECTOR_TIME = 1_644_489_390_087;
const LIMIT_ORDER = "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=11&recvWindow=5000&timestamp=1644489390087";

let venue: VenueClient;

beforeAll(async () => {
  venue = await openVenue({
    now: () => VECTOR_TIME,
    keys: [{ apiKey: VECTOR_KEY.apiKey, apiSecret: VECTOR_KEY.secret }],
  });
});
afterAll(() => venue[Symbol.asyncDispose]());

const JSON_HEADERS = { "x-mexc-apikey": VECTOR_KEY.apiKey, "content-type": "application/json" };

describe("§1 transport", () => {
  it("§1 symbols outside of ASCII go percent-encoded as UTF-8", async () => {
    const { status, body } = await venue.raw({
      method: "GET",
      target: "/api/v3/depth?symbol=%E9%BE%99%E8%99%BEUSDT&limit=5",
    });
    expect(status).toBe(200);
    expect(body).toHaveProperty("bids");
  });

  it("§1 base and quote are told by exchangeInfo, as symbols cannot be cut apart by guessing", async () => {
    const { body } = await venue.get("/api/v3/exchangeInfo", { symbol: "METALUSDT" });
    expect((body as { readonly symbols: readonly Row[] }).symbols[0]).toMatchObject({
      baseAsset: "METAL",
      quoteAsset: "USDT",
    });
  });

  it("§1 a parameter present in query and body has the query's value", async () => {
    const query = `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=11`;
    const body = `price=0&timestamp=${VECTOR_TIME}`;
    const signature = sign(query + body, VECTOR_KEY.secret);
    const target = `/api/v3/order?${query}&signature=${signature}`;
    const reply = await venue.raw({ method: "POST", target, body, headers: JSON_HEADERS });
    expect(reply).toMatchObject({ status: 200, body: { price: "11" } });
  });

  it("§1 a wrong content type of a body is refused with 700013", async () => {
    const target = `/api/v3/order?${LIMIT_ORDER}&signature=${sign(LIMIT_ORDER, VECTOR_KEY.secret)}`;
    const headers = { ...JSON_HEADERS, "content-type": "text/html" };
    expect(await venue.raw({ method: "POST", target, headers })).toMatchObject({
      status: 400,
      body: { code: 700013, msg: expect.stringContaining("Invalid Content-Type") as string },
    });
  });

  it("§1 parameters come in any order, and unknown ones are ignored", async () => {
    const reply = await venue.signed("POST", "/api/v3/order", {
      timeInForce: "GTC",
      price: 11,
      type: "LIMIT",
      side: "BUY",
      quantity: 1,
      symbol: "BTCUSDT",
    });
    expect(reply.status).toBe(200);
  });

  it("§1 a broker's source header changes nothing", async () => {
    const text = encodeQuery({ timestamp: VECTOR_TIME });
    const target = `/api/v3/account?${text}&signature=${sign(text, VECTOR_KEY.secret)}`;
    const reply = await venue.raw({ method: "GET", target, headers: { ...JSON_HEADERS, source: "CCXT" } });
    expect(reply.status).toBe(200);
  });
});

describe("§1.1 signing", () => {
  const ALL = "fd3e4e8543c5188531eb7279d68ae7d26a573d0fc5ab0d18eb692451654d837a";
  const MIXED = "d1a676610ceb39174c8039b3f548357994b2a34139a8addd33baadba65684592";
  const BATCH = "75b5c1a632047eb42b98d7aa9a6aafeb32a1035ccf50c454fae4a46e2d68db41";
  const BATCH_TEXT =
    "batchOrders=%5B%7B%22symbol%22%3A%22BTCUSDT%22%2C%22side%22%3A%22BUY%22%2C%22type%22%3A%22LIMIT%22%2C%22quantity%22%3A%221%22%2C%22price%22%3A%2211%22%7D%5D" +
    "&recvWindow=5000&timestamp=1644489390087";
  const [HEAD, TAIL] = [
    "symbol=BTCUSDT&side=BUY&type=LIMIT",
    "quantity=1&price=11&recvWindow=5000&timestamp=1644489390087",
  ];
  const FORM = { ...JSON_HEADERS, "content-type": "application/x-www-form-urlencoded" };

  it.each([
    ["all in the query", `/api/v3/order?${LIMIT_ORDER}&signature=${ALL}`, undefined],
    ["all in the body", "/api/v3/order", `${LIMIT_ORDER}&signature=${ALL}`],
    ["query directly followed by body, without a separator", `/api/v3/order?${HEAD}`, `${TAIL}&signature=${MIXED}`],
    ["a batch, percent-encoded with upper-case hex", `/api/v3/batchOrders?${BATCH_TEXT}&signature=${BATCH}`, undefined],
  ])("§1.1 test vector: %s", async (_where, target, body) => {
    const reply = await venue.raw({ method: "POST", target, headers: FORM, ...(body === undefined ? {} : { body }) });
    expect(reply).toMatchObject({ status: 200 });
    expect(JSON.stringify(reply.body)).toContain("C02__");
  });

  const account = (query: string, headers: Readonly<Record<string, string>> = JSON_HEADERS) =>
    venue.raw({ method: "GET", target: `/api/v3/account?${query}`, headers });
  const refusal = async (query: string, headers?: Readonly<Record<string, string>>) => {
    const { status, body } = await account(query, headers);
    return `${status} ${String((body as Row)["code"])}`;
  };
  const stamped = `timestamp=${VECTOR_TIME}`;

  it("§1.1 a missing or empty signature is 400 and 700004 with the observed text", async () => {
    for (const query of [stamped, `${stamped}&signature=`]) {
      expect(await account(query)).toMatchObject({
        status: 400,
        body: {
          code: 700004,
          msg: "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.",
        },
      });
    }
  });

  it("§1.1 a wrong signature, also one with another secret, is 700002", async () => {
    const msg = "Signature for this request is not valid.";
    expect(await account(`${stamped}&signature=${"0".repeat(64)}`)).toMatchObject({ body: { code: 700002, msg } });
    expect(await refusal(`${stamped}&signature=${sign(stamped, "another")}`)).toBe("400 700002");
  });

  it("§1.1 a signature in upper-case hex is refused", async () => {
    expect(await refusal(`${stamped}&signature=${sign(stamped, VECTOR_KEY.secret).toUpperCase()}`)).toBe("400 700002");
  });

  it.each([
    ["lower-case hex", "network=BEP20%28BSC%29&coin=USDT%2cBTC"],
    ["parentheses sent raw", "network=BEP20(BSC)"],
    ["brackets sent raw", "symbols=[BTCUSDT]"],
  ])("§1.1 §10.20 percent-encoding: %s is refused with 700002", async (_what, query) => {
    const text = `${query}&${stamped}`;
    expect(await refusal(`${text}&signature=${sign(text, VECTOR_KEY.secret)}`)).toBe("400 700002");
  });

  it("§1.1 §10.20 percent-encoding: parentheses encoded as %28 and %29 pass", async () => {
    const text = `network=BEP20%28BSC%29&${stamped}`;
    expect((await account(`${text}&signature=${sign(text, VECTOR_KEY.secret)}`)).status).toBe(200);
  });

  it.each([
    [999, undefined, 200],
    [1_000, undefined, 700003],
    [-5_000, undefined, 200],
    [-5_001, undefined, 700003],
    [-60_000, 60_000, 200],
    [-60_001, 60_000, 700003],
    [0, 60_001, 700005],
    [-2_001, 2_000, 700003],
  ])("§1.1 time: %i ms from the exchange's, with recvWindow %s, gives %i", async (skew, recvWindow, expected) => {
    const { status, body } = await venue.signed("GET", "/api/v3/account", { recvWindow }, { at: VECTOR_TIME + skew });
    expect(expected === 200 ? status : (body as Row)["code"]).toBe(expected);
  });

  it("§1.1 a malformed key is 700001; without a timestamp 700004; without a key 400", async () => {
    const signed = `${stamped}&signature=${sign(stamped, VECTOR_KEY.secret)}`;
    expect(await refusal(signed, { ...JSON_HEADERS, "x-mexc-apikey": "!" })).toBe("400 700001");
    expect(await refusal(`signature=${sign("", VECTOR_KEY.secret)}`)).toBe("400 700004");
    expect(await refusal(signed, { "content-type": "application/json" })).toBe("400 400");
  });
});

describe("§1.2 keys and permissions", () => {
  const put = (settings: object) => venue.control("keys", { apiKey: "mx0contract", secret: "s", ...settings });
  const key: Key = { apiKey: "mx0contract", secret: "s" };
  const order = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", quantity: 1, price: 11 };
  const place = async () => (await venue.signed("POST", "/api/v3/order", order, { key })).body;

  it("§1.2 §10.1 a pair that is not on the key's list is refused with 10007, and selfSymbols tells the list", async () => {
    await put({ sharesAccountOf: VECTOR_KEY.apiKey, symbols: ["ETHUSDT"] });
    expect(await place()).toMatchObject({ code: 10007 });
    const { body } = await venue.signed("GET", "/api/v3/selfSymbols", {}, { key });
    expect((body as Row)["data"]).toEqual(["ETHUSDT"]);
    await put({ symbols: null });
    expect(await place()).toHaveProperty("orderId");
  });

  it("§1.2 an address that is not on the key's list is refused with 700006 and named", async () => {
    await put({ ipWhiteList: ["203.0.113.9"] });
    expect(await place()).toEqual({ code: 700006, msg: "IP [127.0.0.1] not in the ip white list" });
    await put({ ipWhiteList: [] });
  });

  it("§1.2 a key without the right is refused with 700007", async () => {
    await put({ permissions: ["SPOT_ACCOUNT_READ"] });
    expect(await place()).toMatchObject({ code: 700007 });
    expect((await venue.signed("GET", "/api/v3/account", {}, { key })).status).toBe(200);
  });

  it("§1.2 a key without addresses ends after 90 days, and apiKeyInfo counts them", async () => {
    await put({ ipWhiteList: [], createdDaysAgo: 80, permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_WRITE"] });
    const { body } = await venue.signed("GET", "/api/v3/apiKeyInfo", {}, { key });
    expect(body).toMatchObject({ accessKey: key.apiKey, status: "VALID", remainingValidity: 10 });
    await put({ createdDaysAgo: 91 });
    expect(await place()).toMatchObject({ code: 402 });
  });

  it("§1.2 keys of one account share its balances", async () => {
    await put({ createdDaysAgo: 1, permissions: ["SPOT_ACCOUNT_READ"] });
    const [mine, other] = await Promise.all([
      venue.signed("GET", "/api/v3/account"),
      venue.signed("GET", "/api/v3/account", {}, { key }),
    ]);
    expect((other.body as Row)["balances"]).toEqual((mine.body as Row)["balances"]);
  });
});

describe("§1.3 error body", () => {
  it("§1.3 is a code and a text with HTTP 400", async () => {
    const { status, body } = await venue.get("/api/v3/depth", { symbol: "NOPEUSDT" });
    expect(status).toBe(400);
    expect(body).toEqual({ code: -1121, msg: "Invalid symbol." });
  });

  it("§1.3 §10.22 envelopes of success carry 0 or 200", async () => {
    expect((await venue.get("/api/v3/defaultSymbols")).body).toMatchObject({ code: 0, msg: "success" });
    expect((await venue.signed("GET", "/api/v3/selfSymbols")).body).toMatchObject({ code: 200, msg: null });
  });
});
