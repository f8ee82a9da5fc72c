import { expect, it, vi } from "vitest";
import { decodePush } from "../decode-push.ts";
import { settled, startStepped } from "./stepped-simulator.ts";

const DEPTH = "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT";

it("faults of pushes are ordered over the control port and gone after a reset", async () => {
  const { client, listen, advance } = await startStepped();
  for (const fault of [
    { kind: "drop-push", symbol: "BTCUSDT", share: 1 },
    { kind: "stall", durationMs: 3_600_000 },
  ]) {
    expect((await client.control("faults", fault)).status).toBe(200);
  }
  const faulty = await listen([DEPTH]);
  for (let step = 0; step < 5; step += 1) advance(1_000);
  await settled(faulty);
  expect(faulty.pushes).toEqual([]);
  await client.control("reset", {});
  await faulty.closed;
  const clean = await listen([DEPTH]);
  for (let step = 0; step < 5; step += 1) advance(1_000);
  await settled(clean);
  expect(clean.pushes).toHaveLength(5);
});

it("{kind: none} clears them without a reset", async () => {
  const { client, listen, advance, now } = await startStepped();
  await client.control("faults", { kind: "clock-offset", offsetMs: 60_000 });
  await client.control("faults", { kind: "drop-push", share: 1 });
  await client.control("faults", { kind: "stall", durationMs: 3_600_000, channel: "aggre" });
  const stream = await listen([DEPTH]);
  advance(1_000);
  expect(await client.get("/time")).toEqual({ serverTime: now() + 60_000 });
  await client.control("faults", { kind: "none" });
  expect(await client.get("/time")).toEqual({ serverTime: now() });
  advance(1_000);
  await vi.waitFor(() => expect(stream.pushes).toHaveLength(1));
});

it("a poisoned frame cannot be decoded, and the connection lives on", async () => {
  const { client, stream, advance } = await startStepped();
  await client.control("faults", { kind: "poison-push", symbol: "BTCUSDT" });
  const raw: { readonly bytes: Buffer; readonly isBinary: boolean }[] = [];
  const connected = await stream();
  connected.socket.removeAllListeners("message");
  connected.socket.on("message", (data, isBinary) => raw.push({ bytes: data as Buffer, isBinary }));
  connected.subscribe(DEPTH);
  await vi.waitFor(() => expect(raw).toHaveLength(1));
  advance(1_000);
  advance(1_000);
  await vi.waitFor(() => expect(raw).toHaveLength(3));
  expect(() => decodePush(raw[1]?.bytes ?? Buffer.alloc(0))).toThrow(RangeError);
  expect(decodePush(raw[2]?.bytes ?? Buffer.alloc(0))).toMatchObject({ channel: DEPTH });
});

it("a socket is closed without a close frame by the push that strikes it, and no other socket", async () => {
  const { client, listen, advance } = await startStepped();
  const [struck, spared] = [await listen([DEPTH]), await listen([DEPTH.replace("BTC", "ETH")])];
  await client.control("faults", { kind: "close-socket", channel: "aggre.depth", symbol: "BTCUSDT", count: 1 });
  advance(1_000);
  expect(await struck.closed).toBe(1006);
  await settled(spared);
  expect(spared.pushes).toHaveLength(1);
  const again = await listen([DEPTH]);
  advance(1_000);
  await settled(again);
  expect(again.pushes).toHaveLength(1);
});

it("a seeded share of pushes costs the connection the same way each time", async () => {
  const survived = async (seed: number) => {
    const { client, listen, advance } = await startStepped({ symbolCount: 1 });
    const stream = await listen([DEPTH]);
    await client.control("faults", { kind: "close-socket", share: 0.1, seed });
    let steps = 0;
    for (; steps < 100 && stream.socket.readyState === stream.socket.OPEN; steps += 1) {
      advance(1_000);
      await Promise.race([stream.closed, settled(stream).catch(() => undefined)]);
    }
    return steps;
  };
  expect(await survived(3)).toBe(await survived(3));
  expect(await survived(3)).not.toBe(await survived(4));
});

it.each([
  { kind: "drop-push", symbol: "NOPEUSDT" },
  { kind: "delay-push", delayMs: -1 },
  { kind: "drop-push", share: 2 },
  { kind: "stall" },
])("%j is refused with what is allowed", async (fault) => {
  const { client } = await startStepped();
  const reply = await client.control("faults", fault);
  expect(reply).toMatchObject({ status: 400, body: { allowed: expect.stringContaining("poison-push") as unknown } });
});
