import { expect, test } from "vitest";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";

test("a sleep ends by itself and not early", async () => {
  const clock = createSystemClock();
  const before = performance.now();
  await clock.sleep(20, new AbortController().signal);
  expect(performance.now() - before).toBeGreaterThanOrEqual(18);
});

test("a sleep ends with the signal's own reason, also when it was aborted before", async () => {
  const clock = createSystemClock();
  const controller = new AbortController();
  const reason = new Error("shutting down");
  const sleeping = clock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(clock.sleep(60_000, controller.signal)).rejects.toBe(reason);
});

test("the wall clock is in milliseconds", () => {
  expect(Math.abs(createSystemClock().now() - Date.now())).toBeLessThan(1000);
});

test("the monotonic clock is in milliseconds and goes on while the process waits", async () => {
  const clock = createSystemClock();
  const before = clock.monotonic();
  await clock.sleep(20, new AbortController().signal);
  const passedMs = clock.monotonic() - before;
  expect(passedMs).toBeGreaterThanOrEqual(18);
  expect(passedMs).toBeLessThan(10_000);
});
