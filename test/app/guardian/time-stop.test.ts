import { afterEach, beforeEach, expect, it } from "vitest";
import type { GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

let world: GuardWorld;
/** A stop at a time, 20 s from now. */
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
  const at = world.now() + 20_000;
  world.arm({ legs: [{ legId: "ts", rule: { kind: "time-stop", at }, state: "live", attempts: [] }] });
});
afterEach(() => {
  world.remove();
});

it("asks of a time that passed while the only holder stood still, whatever wakes it first", async () => {
  const only = await world.startGuard();
  only.freeze();
  await world.advance(30_000);
  world.tellBalance("0.9");
  only.thaw();
  await world.advance(2_000);
  expect([world.sent.length, world.stored()?.legs[0]?.state]).toEqual([0, "asking"]);
});

it("sells at the time while the holder lives, though the stream is lost", async () => {
  const only = await world.startGuard();
  await world.advance(12_000);
  only.loseStream();
  await world.advance(12_000);
  expect(world.sent).toHaveLength(1);
});
