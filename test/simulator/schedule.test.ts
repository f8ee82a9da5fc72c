import { expect, it } from "vitest";
import { Schedule } from "../../src/simulator/schedule.ts";

it("runs what is due in the order of its times, and no sooner", () => {
  let now = 1_000;
  const ran: string[] = [];
  const schedule = new Schedule(() => now);
  for (const [delayMs, name] of [
    [30, "late"],
    [10, "early"],
    [10, "early too"],
  ] as const) {
    schedule.after(delayMs, () => ran.push(name));
  }
  expect(schedule.nextAt).toBe(1_010);
  now = 1_009;
  schedule.runDue();
  expect(ran).toEqual([]);
  now = 1_010;
  schedule.runDue();
  expect(ran).toEqual(["early", "early too"]);
  now = 1_030;
  schedule.runDue();
  expect(ran).toEqual(["early", "early too", "late"]);
  expect(schedule.nextAt).toBeUndefined();
});

it("runs what becomes due by what it runs", () => {
  const ran: string[] = [];
  const schedule = new Schedule(() => 0);
  schedule.after(0, () => {
    ran.push("first");
    schedule.after(0, () => ran.push("second"));
  });
  schedule.runDue();
  expect(ran).toEqual(["first", "second"]);
});

it("says when something is due sooner than all that waited", () => {
  let sooner = 0;
  const schedule = new Schedule(
    () => 0,
    () => {
      sooner += 1;
    },
  );
  for (const delayMs of [50, 60, 40]) schedule.after(delayMs, () => undefined);
  expect(sooner).toBe(2);
});
