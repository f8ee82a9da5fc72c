import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { ProtectionLeg } from "../../../src/core/domain/protection.ts";
import { BTCUSDT } from "../../core/domain/samples.ts";
import type { GuardProcess, GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

let world: GuardWorld;
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
});
afterEach(() => {
  world.remove();
});

const kinds = ({ news }: GuardProcess) => news.map(({ kind }) => kind);
const legState = () => world.stored()?.legs[0]?.state;
const stopAt = (level: string, legId = "sl"): ProtectionLeg => ({
  ...{ legId, state: "live", attempts: [] },
  rule: { kind: "stop-loss", triggerPrice: price(level) },
});

describe("a stream that breaks", () => {
  async function breakFor(durationMs: number): Promise<void> {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000");
    guard.loseStream();
    await world.prints("59990", "59980");
    await world.advance(durationMs);
    guard.regainStream();
    await world.advance(500);
  }

  it("for fifteen seconds at most, asks nothing: the stop fires on what REST tells of them", async () => {
    await breakFor(5_000);
    expect(world.sent).toHaveLength(1);
    await world.prints("59970", "59960");
    expect(world.sent).toHaveLength(1);
  });

  it("of seconds that hid a crossing, fires on what REST tells of it, though the price is back", async () => {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000");
    guard.loseStream();
    await world.prints("59990", "59980", "61000");
    guard.regainStream();
    await world.prints("61010");
    expect(world.sent).toHaveLength(1);
    await world.prints("61020", "61010");
    await world.advance(5_000);
    expect(world.sent).toHaveLength(1);
  });

  it("of seconds that hid one bad print, does not fire", async () => {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000");
    guard.loseStream();
    await world.prints("40000", "61000");
    guard.regainStream();
    await world.prints("61010", "40000", "61010");
    await world.advance(5_000);
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
  });

  it("of seconds, with REST away: the stream counts after three, and what was hidden asks once REST is back", async () => {
    world.arm({ legs: [stopAt("60000"), stopAt("50000", "low")] });
    const guard = await world.startGuard();
    await world.prints("61000");
    guard.loseStream();
    world.setRestAway(true);
    await world.prints("59990", "59980", "61000");
    guard.regainStream();
    await world.advance(3_500);
    await world.prints("61000", "61010");
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
    world.setRestAway(false);
    await world.advance(2_000);
    expect(world.stored()?.legs.map((leg) => leg.state)).toEqual(["asking", "live"]);
    await world.prints("49990", "49980");
    expect(world.sent).toHaveLength(1);
  });

  it("for longer, asks", async () => {
    await breakFor(16_000);
    await world.prints("59970", "59960");
    expect([world.sent.length, legState()]).toEqual([0, "asking"]);
  });
});

describe("a stream that is dead on a living connection", () => {
  const bookToo = [
    ["the trades alone", ["trades"]],
    ["trades and best prices", ["trades", "top"]],
  ] as const;

  it.each(bookToo)("%s: what REST tells of the missed prints fires the stop, once", async (_what, channels) => {
    world.arm();
    await world.startGuard();
    await world.prints("61000");
    world.silence(...channels);
    await world.prints("59990", "59980", "59970");
    await world.advance(12_000);
    expect(world.sent).toHaveLength(1);
    // The stream comes back with what was told by REST already.
    world.silence();
    await world.prints("59960", "59950");
    await world.advance(5_000);
    expect(world.sent).toHaveLength(1);
  });

  it("one bad print that REST tells, and the stream tells again, does not fire", async () => {
    world.arm();
    await world.startGuard();
    await world.prints("61000");
    world.silence("trades");
    await world.prints("40000");
    await world.advance(12_000);
    world.silence();
    await world.prints("61000", "61010");
    await world.advance(5_000);
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
  });

  it("with REST away too, the market is not watched, and a stop crossed meanwhile asks", async () => {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000");
    world.silence("trades", "top");
    world.setRestAway(true);
    await world.advance(17_000);
    expect(guard.app.guarding.badge(BTCUSDT.symbol, quantity("0.002")).state).toBe("degraded");
    await world.prints("59990", "59980");
    await world.advance(5_000);
    world.setRestAway(false);
    world.silence();
    await world.prints("61000", "61000");
    await world.advance(5_000);
    expect([world.sent.length, legState()]).toEqual([0, "asking"]);
  });

  it("that has never told the best prices: REST tells them, and the stop fires", async () => {
    world.silence("top");
    world.arm();
    const guard = world.start();
    await guard.app.startSession(new AbortController().signal);
    await world.advance(10_000);
    expect(kinds(guard)).toContain("market-watched");
    await world.prints("59990", "59980", "59970");
    expect(world.sent).toHaveLength(1);
  });

  it("a market that is truly quiet stays watched and asks nothing, for a few small questions", async () => {
    world.arm();
    const guard = await world.startGuard();
    await world.prints("61000");
    await world.advance(10_000);
    world.asked();
    await world.advance(110_000);
    // Nothing was traded, as the minutes say: the trades themselves are not asked for.
    const asked = world.asked();
    expect([...new Set(asked)].toSorted()).toEqual(["minutes", "tops"]);
    expect(asked.length).toBeLessThan(34);
    expect(guard.app.guarding.badge(BTCUSDT.symbol, quantity("0.002")).state).toBe("protected");
    expect([world.sent.length, legState()]).toEqual([0, "live"]);
    await world.prints("59990", "59980");
    expect(world.sent).toHaveLength(1);
  });
});
