import { afterEach, beforeEach, expect, it } from "vitest";
import { price } from "../../../src/core/domain/money.ts";
import type { GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

const FAR_STOP = { kind: "stop-loss", triggerPrice: price("1000") } as const;

let world: GuardWorld;
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
});
afterEach(() => {
  world.remove();
});

const legState = () => world.stored()?.legs[0]?.state;

it("sells nothing on prints from before the arming that are told after it", async () => {
  world.arm({ protectionId: "p0", legs: [{ legId: "sl", rule: FAR_STOP, state: "live", attempts: [] }] });
  await world.startGuard();
  world.arm();
  await world.advance(1_000);
  for (const agoMs of [4_000, 3_500, 3_000]) {
    world.print("59000", agoMs);
    await world.advance(100);
  }
  expect([world.sent.length, legState()]).toEqual([0, "live"]);
  await world.prints("59990", "59980");
  expect(world.sent).toHaveLength(1);
});

it("sells nothing on prints that our doubt about the exchange's clock leaves before the arming", async () => {
  world.doubtClock(300);
  world.arm({ protectionId: "p0", legs: [{ legId: "sl", rule: FAR_STOP, state: "live", attempts: [] }] });
  await world.startGuard();
  await world.prints("65000");
  world.arm();
  await world.advance(1_000);
  for (const agoMs of [800, 790, 780]) world.print("59000", agoMs);
  expect([world.sent.length, legState()]).toEqual([0, "live"]);
  await world.prints("59990", "59980");
  expect(world.sent).toHaveLength(1);
});

it("is deaf no longer than until the clocks are compared", async () => {
  world.doubtClock(undefined);
  world.arm();
  await world.startGuard();
  world.doubtClock(5);
  await world.prints("59990", "59980");
  expect(world.sent).toHaveLength(1);
});

it("asks also when it was armed while our clock was ahead", async () => {
  world.arm({ createdAt: world.now() + 275_000 });
  const first = await world.startGuard();
  first.kill();
  await world.advance(30_000);
  await world.prints("59990", "59000", "59500");
  await world.startGuard();
  await world.prints("59400", "59300", "59200");
  expect([world.sent.length, legState()]).toEqual([0, "asking"]);
});
