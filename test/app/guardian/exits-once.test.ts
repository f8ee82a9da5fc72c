import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

let world: GuardWorld;
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
});
afterEach(() => {
  world.remove();
});

describe("a stop over all that is held, whose exit fills in parts of one millisecond", () => {
  it("sells once, though the last balance is never told, and nothing of what is bought then", async () => {
    world.arm({ coverage: { kind: "holding" } });
    await world.startGuard();
    await world.startGuard();
    world.next("fill-in-parts");
    await world.prints("59990", "59980");
    await world.advance(3_000);
    expect(world.stored()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
    world.tellBalance("0.5");
    await world.prints("59970", "59960");
    await world.advance(60_000);
    expect(world.sent).toHaveLength(1);
  });

  it("sells once when a person said to sell what was crossed while nobody watched", async () => {
    world.arm({ coverage: { kind: "holding" } });
    const first = await world.startGuard();
    first.kill();
    await world.advance(30_000);
    await world.prints("59000", "59000", "59000");
    await world.startGuard();
    const standby = await world.startGuard();
    expect(world.stored()?.legs[0]?.state).toBe("asking");
    world.next("fill-in-parts");
    standby.app.guarding.answer("p1", undefined, "sell-now");
    await world.advance(3_000);
    expect([world.sent.length, world.stored()?.state]).toEqual([1, "ended"]);
    world.tellBalance("0.5");
    await world.prints("59970", "59960");
    await world.advance(60_000);
    expect(world.sent).toHaveLength(1);
  });
});
