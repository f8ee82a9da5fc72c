import { describe, expect, it } from "vitest";
import { settled, startStepped } from "./stepped-simulator.ts";

const MINUTE = 60_000;
const ORDERS = "spot@private.orders.v3.api.pb";
const DEPTH = "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT";

describe("a listen key (§6)", () => {
  it("is good for 60 minutes, and for 60 more from when it is kept alive", async () => {
    const { client, listenKey, listen, advance } = await startStepped();
    const key = await listenKey();
    const alive = await listen([ORDERS], `?listenKey=${key}`);
    for (const minutes of [30, 59]) {
      for (let passed = 0; passed < minutes; passed += 1) {
        await settled(alive);
        advance(MINUTE - 1);
      }
      expect((await client.signed("PUT", "/userDataStream", `listenKey=${key}`)).body).toEqual({ listenKey: key });
    }
    for (let passed = 0; passed < 59; passed += 1) {
      await settled(alive);
      advance(MINUTE - 1);
    }
    await settled(alive);
    advance(MINUTE + 59);
    expect(await alive.closed).toBe(1006);
    expect((await client.signed("PUT", "/userDataStream", `listenKey=${key}`)).status).toBe(400);
  });

  it("closes its streams when it is deleted, and no others", async () => {
    const { client, listenKey, listen, advance } = await startStepped();
    const [gone, kept] = [await listenKey(), await listenKey()];
    const [ended, going] = [await listen([ORDERS], `?listenKey=${gone}`), await listen([ORDERS], `?listenKey=${kept}`)];
    expect((await client.signed("DELETE", "/userDataStream", `listenKey=${gone}`)).body).toEqual({ listenKey: gone });
    advance(50);
    expect(await ended.closed).toBe(1006);
    await settled(going);
  });

  it("that is unknown, over or deleted is refused in plain text", async () => {
    const { client, listenKey, stream, advance } = await startStepped();
    const [old, deleted] = [await listenKey(), await listenKey()];
    await client.signed("DELETE", "/userDataStream", `listenKey=${deleted}`);
    advance(60 * MINUTE);
    for (const key of ["nonsense", old, deleted]) {
      const refused = await stream(`?listenKey=${key}`);
      await refused.closed;
      expect(refused.texts).toEqual(["Invalid listen key"]);
    }
  });

  it("takes public channels beside the private ones", async () => {
    const { listenKey, listen, advance } = await startStepped();
    const mixed = await listen([ORDERS, DEPTH], `?listenKey=${await listenKey()}`);
    expect(JSON.parse(mixed.texts[0] ?? "")).toEqual({ id: 0, code: 0, msg: `${DEPTH},${ORDERS}` });
    advance(1_000);
    await settled(mixed);
    expect(mixed.bodies("publicAggreDepths")).toHaveLength(1);
  });

  it("opens five connections at a time", async () => {
    const { listenKey, listen, stream } = await startStepped();
    const query = `?listenKey=${await listenKey()}`;
    const open = await Promise.all([1, 2, 3, 4, 5].map(() => listen([ORDERS], query)));
    const sixth = await stream(query);
    await sixth.closed;
    expect(sixth.texts).toEqual(["Invalid listen key"]);
    open[0]?.socket.close();
    await open[0]?.closed;
    await settled(await listen([ORDERS], query));
  });

  it.each([
    ["60", undefined],
    ["200", { "listen-key-limit": 200 }],
  ])("can be had %s times an account", async (limit, switches) => {
    const { client, listenKey, advance } = await startStepped(switches === undefined ? {} : { switches });
    for (let count = 0; count < Number(limit); count += 1) await listenKey();
    expect((await client.signed("POST", "/userDataStream")).status).toBe(400);
    const { body } = await client.signed("GET", "/userDataStream");
    expect(body).toMatchObject({ total: Number(limit), available: 0 });
    advance(60 * MINUTE);
    expect((await client.signed("GET", "/userDataStream")).body).toMatchObject({ available: Number(limit) });
  });

  it("is a new one each time, or with the switch the same, kept alive", async () => {
    const { client, listenKey, advance } = await startStepped();
    const first = await listenKey();
    expect(await listenKey()).not.toBe(first);
    await client.control("switches", { "listen-key-reuse": "same" });
    const same = await listenKey();
    advance(40 * MINUTE);
    expect(await listenKey()).toBe(same);
    advance(40 * MINUTE);
    expect((await client.signed("GET", "/userDataStream")).body).toMatchObject({ listenKey: [same] });
  });

  it("is listed alone with the switch for the older form", async () => {
    const { client, listenKey } = await startStepped({ switches: { "listen-key-list": "plain" } });
    const key = await listenKey();
    expect((await client.signed("GET", "/userDataStream")).body).toEqual({ listenKey: [key] });
  });

  it("is not held to the addresses of its API key, unless the switch says so", async () => {
    const { client, simulator, listenKey, listen, stream } = await startStepped();
    const query = `?listenKey=${await listenKey()}`;
    await client.control("keys", { apiKey: simulator.apiKey, ipWhiteList: ["203.0.113.7"] });
    await settled(await listen([ORDERS], query));
    await client.control("switches", { "stream-ip-list": "enforced" });
    const refused = await stream(query);
    await refused.closed;
    expect(refused.texts).toEqual(["Invalid listen key"]);
  });
});
