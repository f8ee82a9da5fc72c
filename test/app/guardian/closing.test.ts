import { afterEach, beforeEach, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import type { ClosePlan } from "../../../src/core/domain/closing/plan-close.ts";
import { quantity } from "../../../src/core/domain/money.ts";
import { BTCUSDT } from "../../core/domain/samples.ts";
import type { GuardWorld } from "./guard-world.ts";
import { createGuardWorld } from "./guard-world.ts";

const SIGNAL = new AbortController().signal;
let world: GuardWorld;
beforeEach(() => {
  world = createGuardWorld();
  world.print("65000");
  world.buy("0.002");
  world.arm();
});
afterEach(() => {
  world.remove();
});

/** A process of its own that has shown what it would close. */
async function closer(): Promise<{ readonly app: App; readonly plan: ClosePlan }> {
  const { app } = world.start();
  await app.reconcile(SIGNAL);
  const planned = await app.closing.plan({ symbol: BTCUSDT.symbol, isAll: false, cancelsOrders: false }, SIGNAL);
  if (planned.kind === "denied") throw new Error(planned.denials[0]?.message);
  return { app, plan: planned.plan };
}

it("a stop sells nothing while the outcome of a close is not proven, and nothing when that had sold it all", async () => {
  await world.startGuard();
  const { app, plan } = await closer();
  world.next("lose-answer");
  world.setRestAway(true);
  const closing = app.closing.close(plan, SIGNAL);
  await world.advance(100);
  expect(world.sent).toHaveLength(1);
  await world.prints("59990", "59980", "59970");
  await world.advance(5_000);
  expect([world.sent.length, world.stored()?.legs[0]?.state]).toEqual([1, "exiting"]);
  world.setRestAway(false);
  await world.advance(40_000);
  await closing;
  expect(world.stored()?.state).toBe("ended");
  expect(world.stored()?.endedBecause).toContain("the position was closed by order");
  world.tellBalance("0.5");
  await world.prints("59960", "59950");
  await world.advance(60_000);
  expect(world.sent).toHaveLength(1);
});

it("a stop sells all of it once a close is proven never to have arrived", async () => {
  await world.startGuard();
  const { app, plan } = await closer();
  world.next("lose-request");
  const closing = app.closing.close(plan, SIGNAL);
  await world.advance(100);
  await world.prints("59990", "59980", "59970");
  await world.advance(40_000);
  await closing;
  await world.prints("59960", "59950");
  await world.advance(5_000);
  expect(world.sent).toHaveLength(2);
  expect(world.booked()).toMatchObject([{ executedQuantity: quantity("0.002") }]);
  expect(world.stored()).toMatchObject({ state: "ended", endedBecause: "all of it is sold" });
});

it("a stop covers all of it still when a close was rejected", async () => {
  await world.startGuard();
  const { app, plan } = await closer();
  world.next("refuse");
  const result = await app.closing.close(plan, SIGNAL);
  expect(result).toMatchObject({ kind: "placed", order: { state: "rejected" }, disarmed: [] });
  await world.prints("59990", "59980");
  await world.advance(1_000);
  expect(world.booked()).toMatchObject([{ executedQuantity: quantity("0.002") }]);
});

it("a close finds nothing to sell once the stop has sold, though it was shown before", async () => {
  await world.startGuard();
  const { app, plan } = await closer();
  await world.prints("59990", "59980", "59970");
  await world.advance(100);
  expect(world.sent).toHaveLength(1);
  const result = await app.closing.close(plan, SIGNAL);
  expect(result.kind).toBe("denied");
  expect(world.sent).toHaveLength(1);
});
