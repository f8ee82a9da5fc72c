import { afterEach, beforeEach, expect, it } from "vitest";
import { quantity } from "../../../src/core/domain/money.ts";
import { BTCUSDT } from "../../core/domain/samples.ts";
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

it("says that a stop cannot sell while the clock is off, records no exit, and sells once the clock is set", async () => {
  world.arm();
  const guard = await world.startGuard();
  world.setClockOff(true);
  await world.prints("59990", "59980", "59970");
  await world.advance(600_000);
  expect(world.sent).toHaveLength(0);
  expect(world.stored()?.legs[0]).toMatchObject({ attempts: [], blocked: { code: "CLOCK_OFFSET_TOO_LARGE" } });
  expect(guard.app.guarding.status().concerns).toMatchObject([{ kind: "blocked" }]);
  expect(guard.app.guarding.badge(BTCUSDT.symbol, quantity("0.002")).state).toBe("degraded");
  expect(guard.news.filter(({ kind }) => kind === "trouble")).toHaveLength(1);

  world.setClockOff(false);
  await world.advance(2_000);
  expect(world.sent).toHaveLength(1);
  expect(world.stored()).toMatchObject({ state: "ended" });
});

it("shows an exit whose outcome nobody knows in the status and on the badge, to every process", async () => {
  world.arm();
  const guard = await world.startGuard();
  const shell = world.start();
  world.setRestAway(true);
  world.next("lose-request");
  await world.prints("59990", "59980");
  await world.advance(1_000);
  for (const { app } of [guard, shell]) {
    expect(app.guarding.status().concerns).toMatchObject([
      { kind: "exit-unproven", exitOrderId: world.sent[0]?.clientOrderId, leg: { legId: "sl" } },
    ]);
    const badge = app.guarding.badge(BTCUSDT.symbol, quantity("0.002"));
    expect(badge).toMatchObject({ state: "degraded", reasons: [expect.stringContaining("not proven")] });
  }
  world.setRestAway(false);
  await world.advance(20_000);
  for (const { app } of [guard, shell]) expect(app.guarding.status().concerns).toEqual([]);
  expect(world.sent).toHaveLength(2);
});
