import { describe, expect, it, vi } from "vitest";
import { settled, startStepped } from "./stepped-simulator.ts";
import { connect } from "./stream-client.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const NO_CLOSE_FRAME = 1006;
/** Says nothing before the market moves, and the clock here stands still between steps. */
const QUIET = "spot@private.orders.v3.api.pb";
const DEPTH = "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT";

describe("when the venue ends a connection (§7.1), without a close frame", () => {
  it("30 s without a subscription, PING or not", async () => {
    const { stream, advance } = await startStepped();
    const bare = await stream();
    advance(29 * SECOND);
    await settled(bare);
    advance(SECOND);
    expect(await bare.closed).toBe(NO_CLOSE_FRAME);
  });

  it("30 s after the last subscription was given back", async () => {
    const { listen, advance } = await startStepped();
    const stream = await listen([DEPTH]);
    advance(50 * SECOND);
    stream.say({ method: "UNSUBSCRIPTION", params: [DEPTH] });
    await settled(stream);
    advance(29 * SECOND);
    await settled(stream);
    advance(SECOND);
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });

  it("a refused subscription is none", async () => {
    const { listen, advance } = await startStepped();
    const stream = await listen(["spot@public.aggre.depth.v3.api.pb@100ms@btcusdt"]);
    advance(30 * SECOND);
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });

  it("60 s with nothing to say, unless the client PINGs", async () => {
    const { listen, listenKey, advance } = await startStepped();
    const query = `?listenKey=${await listenKey()}`;
    const [silent, alive] = [await listen([QUIET], query), await listen([QUIET], query)];
    advance(59 * SECOND);
    await settled(alive);
    advance(SECOND);
    expect(await silent.closed).toBe(NO_CLOSE_FRAME);
    advance(58 * SECOND);
    await settled(alive);
    expect(alive.texts.at(-1)).toBe('{"id":0,"code":0,"msg":"PONG"}');
  });

  it("after 24 hours, however busy it is", async () => {
    const { listen, advance, now } = await startStepped();
    const end = now() + 24 * HOUR;
    const stream = await listen([DEPTH]);
    while (now() + 30 * SECOND < end) advance(30 * SECOND);
    await settled(stream);
    advance(30 * SECOND);
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });

  it("more than 100 messages within any second", async () => {
    const { listen, advance } = await startStepped();
    const stream = await listen([DEPTH]);
    advance(500);
    for (let count = 0; count < 99; count += 1) stream.say({ method: "PING" });
    await settled(stream).catch(() => undefined);
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });

  it("but not 100 of them", async () => {
    const { listen, advance } = await startStepped();
    const stream = await listen([DEPTH]);
    for (let count = 0; count < 98; count += 1) stream.say({ method: "PING" });
    await settled(stream);
    advance(SECOND);
    await settled(stream);
    expect(stream.texts).toHaveLength(101);
  });

  it("messages of more bytes than the switch allows", async () => {
    const { listen } = await startStepped({ switches: { "stream-message-bytes": 200 } });
    const stream = await listen([DEPTH]);
    stream.subscribe("x".repeat(200));
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });

  it("a binary message", async () => {
    const { listen } = await startStepped();
    const stream = await listen([DEPTH]);
    stream.socket.send(Buffer.from([1, 2, 3]));
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  });
});

describe("who floods again and again", () => {
  const flood = async (open: Awaited<ReturnType<typeof startStepped>>) => {
    const stream = await open.stream();
    for (let count = 0; count < 101; count += 1) stream.say({ method: "PING" });
    expect(await stream.closed).toBe(NO_CLOSE_FRAME);
  };

  it("is banned where limits are on, from streams and calls alike, and may come back later", async () => {
    const open = await startStepped({ limits: true });
    for (let count = 0; count < 3; count += 1) await flood(open);
    await expect(connect(open.simulator.wsUrl)).rejects.toThrow("403");
    expect(await open.client.call("GET", "/api/v3/ping")).toMatchObject({ status: 418, body: { code: 418 } });
    open.advance(120 * SECOND);
    await settled(await open.stream());
  });

  it("is not where they are off, nor when the floods are far apart", async () => {
    const lenient = await startStepped();
    for (let count = 0; count < 4; count += 1) await flood(lenient);
    await settled(await lenient.stream());
    const strict = await startStepped({ limits: true });
    for (let count = 0; count < 4; count += 1) {
      await flood(strict);
      strict.advance(301 * SECOND);
    }
    await settled(await strict.stream());
  });
});

it("an address that is none is not found", async () => {
  const { simulator } = await startStepped();
  await expect(connect(simulator.wsUrl.replace(/ws$/, "/"))).rejects.toThrow("404");
  await vi.waitFor(async () => expect(await (await fetch(`${simulator.restUrl}/api/v3/ping`)).json()).toEqual({}));
});
