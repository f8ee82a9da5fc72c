import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
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
  let moved = { wall: 0, monotonic: 0 };
  const client = createRestClient({
    restUrl: "http://127.0.0.1:1",
    keys: KEYS,
    clock: {
      now: () => NOW + moved.wall,
      monotonic: () => moved.monotonic,
      sleep: () => Promise.resolve(),
    },
    sender: {
      send(request) {
        if (!request.url.endsWith("/time")) {
          sent.push(request);
          return Promise.resolve(answer());
        }
        const offset = offsets[Math.min(measured.length, offsets.length - 1)] ?? 0;
        measured.push(offset);
        return Promise.resolve(reply(200, { serverTime: NOW + moved.wall + offset }));
      },
      close: () => undefined,
    },
  });
  const setClock = (to: typeof moved) => {
    moved = to;
  };
  return { client, sent, measured, setClock };
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

  it("bears the time of its intent however late it is sent, so that the exchange refuses what came too late", async () => {
    const { client, sent, setClock } = setup([300]);
    setClock({ wall: 60_000, monotonic: 60_000 });
    await client.call({ ...PLACE, stampedAt: NOW });
    expect(timestampOf(sent[0])).toBe(NOW + 300);
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

  it("measures anew once somebody has set our clock, or the machine has slept", async () => {
    const { client, sent, measured, setClock } = setup([0, 0, 0, -3_000, -3_000, -3_000]);
    await client.call(PLACE);
    setClock({ wall: 499, monotonic: 0 });
    await client.call(PLACE);
    expect(measured).toHaveLength(3);
    setClock({ wall: 3_000, monotonic: 0 });
    await client.call(PLACE);
    expect(measured).toHaveLength(6);
    expect(timestampOf(sent.at(-1))).toBe(NOW + 3_000 - 3_000);
  });

  it("measures anew after half an hour", async () => {
    const { client, measured, setClock } = setup([0]);
    await client.call(PLACE);
    setClock({ wall: 30 * 60_000 - 1, monotonic: 30 * 60_000 - 1 });
    await client.call(PLACE);
    expect(measured).toHaveLength(3);
    setClock({ wall: 30 * 60_000, monotonic: 30 * 60_000 });
    await client.call(PLACE);
    expect(measured).toHaveLength(6);
  });

  it.each([{}, { serverTime: "1645539742000" }, { serverTime: null }, { serverTime: -5 }, { serverTime: 1.5 }, []])(
    "is not sent when the exchange tells %j for its time",
    async (told) => {
      const client = createRestClient({
        restUrl: "http://127.0.0.1:1",
        keys: KEYS,
        clock: { now: () => NOW, monotonic: () => NOW, sleep: () => Promise.resolve() },
        sender: { send: () => Promise.resolve(reply(200, told)), close: () => undefined },
      });
      expect(await client.call(PLACE)).toMatchObject({ kind: "not-sent", code: "EXCHANGE_UNAVAILABLE" });
    },
  );

  it("tells how the clocks stand, and how surely", async () => {
    const { client, setClock } = setup([1_200]);
    expect(client.health().clock).toBeUndefined();
    await client.call(PLACE);
    setClock({ wall: 70, monotonic: 70 });
    expect(client.health()).toMatchObject({
      clock: { offsetMs: 1_200, uncertaintyMs: 0, ageMs: 70 },
      largestOffsetMs: 5_000,
      use: { weight: { used: 3, most: 300 }, orderActions: { used: 1, most: 12 } },
    });
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

  it("keeps telling how far the clock is off while nothing can be signed: a trip has to see it", async () => {
    const { client } = setup([10_000]);
    await client.call(PLACE);
    expect(client.health().clock).toMatchObject({ offsetMs: 10_000 });
  });

  it("asks a question that decides nothing by our clock in the exchange's time, however far ours is off", async () => {
    const { client, sent } = setup([3_600_000]);
    expect(await client.call({ ...PLACE, method: "GET", despiteClock: true })).toMatchObject({ kind: "ok" });
    expect(sent.map(timestampOf)).toEqual([NOW + 3_600_000]);
    expect(await client.call(PLACE)).toMatchObject({ kind: "not-sent", code: "CLOCK_OFFSET_TOO_LARGE" });
  });

  it("could be told beforehand not to leave, for as long as the clock is too far off", async () => {
    const { client, measured } = setup([10_000, 10_000, 10_000, 0]);
    expect(await client.signingTrouble(signal, "exit")).toMatchObject({ code: "CLOCK_OFFSET_TOO_LARGE" });
    expect(await client.signingTrouble(signal, "exit")).toBeUndefined();
    expect(await client.signingTrouble(signal, "exit")).toBeUndefined();
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
