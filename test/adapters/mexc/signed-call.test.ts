import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkEndpoints } from "../../../src/adapters/mexc/endpoints.ts";
import type { RestCall } from "../../../src/adapters/mexc/rest/client.ts";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import type { HttpRequest, HttpResult } from "../../../src/adapters/mexc/rest/http-request.ts";

const NOW = 1_700_000_000_000;
const KEYS = { apiKey: "mx0key", apiSecret: Buffer.from("secret") };
const signal = new AbortController().signal;
const PLACE: RestCall = { method: "POST", path: "/api/v3/order", params: { symbol: "龙虾USDT" }, signed: true, signal };

/** A client over a scripted exchange, whose clock runs `offsets` ahead of ours, measurement after measurement. */
function setup(offsets: readonly number[], answer: () => HttpResult = () => reply(200, { orderId: "1" })) {
  const sent: HttpRequest[] = [];
  const measured: number[] = [];
  const client = createRestClient({
    restUrl: "http://127.0.0.1:1",
    keys: KEYS,
    clock: { now: () => NOW, monotonic: () => NOW, sleep: () => Promise.resolve() },
    sender: {
      send(request) {
        if (!request.url.endsWith("/time")) {
          sent.push(request);
          return Promise.resolve(answer());
        }
        const offset = offsets[Math.min(measured.length, offsets.length - 1)] ?? 0;
        measured.push(offset);
        return Promise.resolve(reply(200, { serverTime: NOW + offset }));
      },
      close: () => undefined,
    },
  });
  return { client, sent, measured };
}

function reply(status: number, body: object): HttpResult {
  return { kind: "answer", status, headers: {}, body: JSON.stringify(body) };
}

const timestampOf = (request: HttpRequest | undefined) =>
  Number(new URL(request?.url ?? "").searchParams.get("timestamp"));

describe("a signed call", () => {
  it("signs exactly what it sends, in the exchange's time", async () => {
    const { client, sent } = setup([300]);
    expect(await client.call(PLACE)).toMatchObject({ kind: "ok" });
    const [signedPart, signature] = (sent[0]?.url.split("?")[1] ?? "").split("&signature=");
    expect(signedPart).toBe(`symbol=%E9%BE%99%E8%99%BEUSDT&recvWindow=5000&timestamp=${NOW + 300}`);
    expect(signature).toBe(
      createHmac("sha256", "secret")
        .update(signedPart ?? "")
        .digest("hex"),
    );
    expect(sent[0]?.headers).toMatchObject({ "X-MEXC-APIKEY": "mx0key", "Content-Type": "application/json" });
  });

  it("measures the clock once, by the median of three", async () => {
    const { client, sent, measured } = setup([900, 100, 200]);
    await client.call(PLACE);
    await client.call(PLACE);
    expect(measured).toEqual([900, 100, 200]);
    expect(sent.map(timestampOf)).toEqual([NOW + 200, NOW + 200]);
  });

  it("measures anew after the exchange refused the time, because a clock was moved", async () => {
    const answers = [reply(400, { code: 700003, msg: "Timestamp outside" }), reply(200, {})];
    const { client, sent } = setup([0, 0, 0, 4_000], () => answers.shift() ?? reply(200, {}));
    expect(await client.call(PLACE)).toMatchObject({ kind: "refused", code: 700003 });
    expect(await client.call(PLACE)).toMatchObject({ kind: "ok" });
    expect(sent.map(timestampOf)).toEqual([NOW, NOW + 4_000]);
  });

  it("is not sent with a clock more than five seconds off, and asks again next time", async () => {
    const { client, sent, measured } = setup([10_000, 10_000, 10_000, 0]);
    expect(await client.call(PLACE)).toMatchObject({
      kind: "not-sent",
      code: "CLOCK_OFFSET_TOO_LARGE",
      why: "This machine's clock is 10.0 s behind the exchange's",
    });
    expect(sent).toEqual([]);
    expect(await client.call(PLACE)).toMatchObject({ kind: "ok" });
    expect(measured).toHaveLength(6);
  });

  it("needs keys", async () => {
    const keyless = createRestClient({
      restUrl: "http://127.0.0.1:1",
      keys: undefined,
      clock: { now: () => NOW, monotonic: () => NOW, sleep: () => Promise.resolve() },
    });
    await expect(keyless.call(PLACE)).rejects.toMatchObject({ code: "KEYS_MISSING", exitCode: 4 });
    keyless.close();
  });
});

describe("addresses", () => {
  const MEXC = { restUrl: "https://api.mexc.com", wsUrl: "wss://wbs-api.mexc.com/ws" };
  const LOCAL = { restUrl: "http://127.0.0.1:8080", wsUrl: "ws://localhost:8080/ws" };

  it.each([MEXC, LOCAL, { restUrl: "http://[::1]:1", wsUrl: "ws://127.0.0.9:1/ws" }])("%o are fine", (endpoints) => {
    expect(() => {
      checkEndpoints(endpoints);
    }).not.toThrow();
  });

  it.each([
    { ...MEXC, restUrl: "http://api.mexc.com" },
    { ...MEXC, restUrl: "https://api.mexc.com:8443" },
    { ...MEXC, restUrl: "https://api.mexc.com@example.org" },
    { ...MEXC, restUrl: "https://api.mexc.com.example.org" },
    { ...MEXC, wsUrl: "wss://api.mexc.com/ws" },
    { ...LOCAL, restUrl: "http://127.0.0.1.example.org" },
    { ...LOCAL, wsUrl: "nonsense" },
    { restUrl: MEXC.restUrl, wsUrl: LOCAL.wsUrl },
    { restUrl: LOCAL.restUrl, wsUrl: MEXC.wsUrl },
  ])("%o are not trusted", (endpoints) => {
    expect(() => {
      checkEndpoints(endpoints);
    }).toThrow(expect.objectContaining({ code: "HOST_NOT_TRUSTED", exitCode: 3 }));
  });
});
