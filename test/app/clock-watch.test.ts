import { expect, it } from "vitest";
import { createClockWatch } from "../../src/app/runtime/clock-watch.ts";
import { HEALTHY } from "../commands/fake-app.ts";

const signal = new AbortController().signal;

function setup() {
  let wall = 1_000_000;
  let monotonic = 0;
  let comparedAt: number | undefined;
  let compared = 0;
  const watch = createClockWatch({
    clock: { now: () => wall, monotonic: () => monotonic, sleep: () => Promise.resolve() },
    health: () => ({
      ...HEALTHY,
      clock: comparedAt === undefined ? undefined : { offsetMs: 0, uncertaintyMs: 0, ageMs: monotonic - comparedAt },
    }),
    compare: () => {
      comparedAt = monotonic;
      compared += 1;
      return Promise.resolve();
    },
  });
  return {
    look: async (wallMs: number, monotonicMs = wallMs) => {
      wall += wallMs;
      monotonic += monotonicMs;
      await watch(signal);
      return compared;
    },
  };
}

it("compares the clocks at first and every ten minutes", async () => {
  const { look } = setup();
  expect(await look(0)).toBe(1);
  expect(await look(599_999)).toBe(1);
  expect(await look(1)).toBe(2);
});

it("compares them at once when ours was set, or after a sleep in which only the wall clock went on", async () => {
  const { look } = setup();
  await look(0);
  expect(await look(30_499, 30_000)).toBe(1);
  expect(await look(8 * 3_600_000, 30_000)).toBe(2);
  expect(await look(30_000)).toBe(2);
  expect(await look(-60_000, 30_000)).toBe(3);
});
