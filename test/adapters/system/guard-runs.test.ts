import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createGuardRuns } from "../../../src/adapters/system/guard-runs.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { accountId } from "../../../src/core/domain/identifiers.ts";

const MINE = accountId("main");
let folder: string;
let ids = 0;
const runs = () =>
  createGuardRuns({
    folder: join(folder, "guards"),
    clock: createSystemClock(),
    ids: { recordId: () => `run-${(ids += 1)}` },
  });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-runs-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const entries = () => readdirSync(join(folder, "guards")).sort();

it("a run is listed to its account, hears that it is asked to end, and leaves nothing behind", async () => {
  const there = runs();
  const asked = Promise.withResolvers<undefined>();
  const leave = there.enter(MINE, () => {
    asked.resolve(undefined);
  });
  const [run, ...more] = runs().list(MINE);
  if (run === undefined) throw new Error("it is not listed");
  expect([run.pid, more, there.list(accountId("other"))]).toEqual([process.pid, [], []]);
  expect(statSync(join(folder, "guards", entries()[0] ?? "")).mode & 0o777).toBe(0o600);
  runs().ask(run);
  await asked.promise;
  expect(there.isThere(run)).toBe(true);
  leave();
  expect([there.isThere(run), there.list(MINE), entries()]).toEqual([false, [], []]);
});

it("the entry of a process that is gone, or whose number another has, is nobody's", () => {
  const leave = runs().enter(MINE, () => undefined);
  const [name = ""] = entries();
  const file = join(folder, "guards", name);
  const entry = JSON.parse(readFileSync(file, "utf8")) as { mark: string | null };
  writeFileSync(file, JSON.stringify({ ...entry, mark: "1" }));
  expect([runs().list(MINE), entries()]).toEqual([[], []]);
  writeFileSync(file, JSON.stringify({ ...entry, pid: 2 ** 30 }));
  expect(runs().list(MINE)).toEqual([]);
  writeFileSync(file, "not an entry");
  expect(runs().list(MINE)).toEqual([]);
  leave();
});
