import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { PERMISSIONS } from "../../../src/simulator/server/api-keys.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 12 });
  client = createClient(simulator);
});
afterEach(() => client.control("reset", {}));
afterAll(() => simulator.close());

const alter = (settings: object, apiKey = simulator.apiKey) => client.control("keys", { apiKey, ...settings });
const buy = (symbol: string, price: string) => `symbol=${symbol}&side=BUY&type=LIMIT&quantity=10&price=${price}`;

it("tells about itself (fact sheet 4.8)", async () => {
  expect((await client.signed("GET", "/apiKeyInfo")).body).toEqual({
    accessKey: simulator.apiKey,
    status: "VALID",
    permissions: PERMISSIONS.filter((name) => !name.includes("WITHDRAW")),
    ipWhiteList: ["127.0.0.1"],
    createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
    remainingValidity: -999,
  });
  await alter({ ipWhiteList: [], createdDaysAgo: 85, permissions: PERMISSIONS });
  const info = (await client.signed("GET", "/apiKeyInfo")).body;
  expect(info).toMatchObject({ permissions: PERMISSIONS, ipWhiteList: [], remainingValidity: 5 });
});

it("may only do what it is permitted (700007)", async () => {
  await alter({ permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ"] });
  expect((await client.signed("GET", "/account")).status).toBe(200);
  expect((await client.signed("GET", "/openOrders")).status).toBe(200);
  for (const [method, path] of [
    ["POST", "/order"],
    ["POST", "/order/test"],
    ["DELETE", "/order/all"],
  ] as const) {
    const reply = await client.signed(method, path, buy("MXUSDT", "3.4"));
    expect([reply.status, reply.body]).toMatchObject([400, { code: 700007 }]);
  }
});

it("trades only the pairs that were ticked for it (1.2), in either reading", async () => {
  await alter({ symbols: ["ADAUSDT", "LOKAUSDT"] });
  expect((await client.signed("GET", "/selfSymbols")).body).toEqual({ code: 200, data: ["ADAUSDT"], msg: null });
  expect((await client.signed("POST", "/order", buy("ADAUSDT", "0.42"))).status).toBe(200);
  expect((await client.signed("POST", "/order", buy("MXUSDT", "3.4"))).body).toMatchObject({ code: 10007 });
  await client.control("switches", { "key-pair-code": "70011" });
  expect((await client.signed("POST", "/order/test", buy("MXUSDT", "3.4"))).body).toMatchObject({ code: 70011 });
  const batch = encodeURIComponent(
    JSON.stringify([{ symbol: "MXUSDT", side: "BUY", type: "LIMIT", quantity: "10", price: "3.4" }]),
  );
  expect((await client.signed("POST", "/batchOrders", `batchOrders=${batch}`)).body).toMatchObject([{ code: 70011 }]);
  await alter({ symbols: null });
  expect((await client.signed("POST", "/order", buy("MXUSDT", "3.4"))).status).toBe(200);
});

it("is refused from an address it is not bound to, with the address in the text", async () => {
  await alter({ ipWhiteList: ["1.2.3.4"] });
  expect(await client.signed("GET", "/account")).toMatchObject({
    status: 400,
    body: { code: 700006, msg: "IP [127.0.0.1] not in the ip white list" },
  });
});

it("can be added, with an account of its own or to one there is, until a reset", async () => {
  await client.control("keys", { apiKey: "mx0second", secret: "s2" });
  await client.control("keys", { apiKey: "mx0shared", secret: "s3", sharesAccountOf: simulator.apiKey });
  const second = createClient({ ...simulator, apiKey: "mx0second", apiSecret: "s2" });
  const shared = createClient({ ...simulator, apiKey: "mx0shared", apiSecret: "s3" });
  await client.control("deposit", { apiKey: "mx0shared", asset: "MX", amount: "7" });
  const mine = (await client.signed("GET", "/account")).body;
  expect((mine as { readonly balances: unknown[] }).balances).toContainEqual({
    asset: "MX",
    free: "7",
    locked: "0",
    available: "7",
  });
  expect((await shared.signed("GET", "/account")).body).toEqual(mine);
  expect((await second.signed("GET", "/account")).body).not.toEqual(mine);
  const { body } = await client.signed("POST", "/order", buy("MXUSDT", "3.4"));
  expect((await shared.signed("GET", "/openOrders")).body).toMatchObject([
    { orderId: (body as { readonly orderId: string }).orderId },
  ]);
  expect((await second.signed("GET", "/openOrders")).body).toEqual([]);
  await client.control("reset", {});
  expect((await second.signed("GET", "/account")).body).toMatchObject({ code: 10072 });
});

it("says what it takes", async () => {
  expect((await alter({ permissions: ["ALL"] })).status).toBe(400);
  expect((await client.control("keys", { apiKey: "mx0x", sharesAccountOf: "nobody" })).status).toBe(400);
});

it.each([
  ["application/json", 200],
  ["application/x-www-form-urlencoded", 200],
  ["text/plain", 400],
])("takes a body called %s or not (700013)", async (type, status) => {
  const reply = await client.signed("POST", "/order/test", buy("MXUSDT", "3.4"), 0, { "content-type": type });
  expect(reply.status).toBe(status);
  if (status !== 200) expect(reply.body).toEqual({ code: 700013, msg: "Invalid Content-Type" });
});
