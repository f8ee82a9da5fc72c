import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { GuardRun, GuardRuns } from "../../../src/core/ports/guard-runs.ts";
import { accountId } from "../../../src/core/domain/identifiers.ts";
import type { LeaseRecord } from "../../../src/core/domain/guard-lease.ts";
import { NOW, protectionSample } from "../../core/domain/samples.ts";
import { createFakeApp } from "../fake-app.ts";
import { createFakeGuarding } from "../fake-guarding.ts";
import { useSimulator } from "../on-simulator.ts";
import { runLine } from "../run-line.ts";

const there = useSimulator();
const { line, start } = there;

const guard = (...words: string[]) => start("guard", "run", ...words);

async function stopped(...words: string[]) {
  const { ended, objects, errors } = start("guard", "stop", ...words);
  return { code: await ended, objects: objects(), errors: errors() };
}

it("ends a guardian that is asked to, says what is unguarded, and needs --yes for it", async () => {
  await line("order", "place", "buy", "btcusdt", "0.01", "sl", "-20%");
  const running = guard();
  await expect.poll(() => running.objects().length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(running.objects()[0]).toMatchObject({ schema: "tapedeck.guard/1", lease: { held: true }, waitsFor: [] });
  const status = await line("guard", "status");
  expect([status.code, status.objects()]).toMatchObject([
    0,
    [
      {
        markets: [{ state: "watching" }],
        protections: [
          {
            covered: { quantity: "0.01", left: "0.01", position: "0.01" },
            legs: [{ level: expect.any(String) as string }],
          },
        ],
        concerns: [],
      },
    ],
  ]);

  const asked = await stopped();
  expect([asked.code, asked.errors]).toMatchObject([
    2,
    [{ error: { code: "CONFIRMATION_NEEDED", hint: "Add --yes." } }],
  ]);
  expect((await line("guard", "status")).code).toBe(0);

  const done = await stopped("--yes");
  expect([done.code, done.objects]).toMatchObject([
    0,
    [
      {
        schema: "tapedeck.guard-stopped/1",
        stopped: [{ pid: process.pid, held: true }],
        guardian: null,
        unguarded: [{ symbol: "BTCUSDT" }],
      },
    ],
  ]);
  expect(done.errors).toMatchObject([{ message: expect.stringContaining("nothing of it sells until") as string }]);
  expect(await running.ended).toBe(0);
  // The lease was let go of, not left to run out.
  const after = await line("guard", "status");
  expect([after.code, after.objects()]).toMatchObject([9, [{ guardian: { alive: false } }]]);
  expect((await line("guard", "status", "-o", "table")).out).toContain("ended in good order");
});

it("needs no word where nothing is armed, and ends nothing where nothing runs", async () => {
  const nothing = await stopped();
  expect([nothing.code, nothing.objects]).toMatchObject([0, [{ stopped: [], guardian: null, unguarded: [] }]]);
  const running = guard();
  await expect.poll(() => running.objects().length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect((await stopped()).code).toBe(0);
  expect(await running.ended).toBe(0);
});

it("writes to the file that it is given, for the owner alone, and nothing to stdout", async () => {
  const file = join(there.home, "log", "guard.ndjson");
  const running = guard("--log", file);
  await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
  expect((await stopped()).code).toBe(0);
  expect(await running.ended).toBe(0);
  expect([statSync(file).mode & 0o777, running.out()]).toEqual([0o600, ""]);
});

const LEASE: LeaseRecord = {
  ...{ holder: "run-1", pid: 4711, host: "here", token: 3, acquiredAt: NOW, heartbeatAt: NOW },
  ...{ released: false, markets: {} },
};
const RUN: GuardRun = { runId: "r1", pid: 99, accountId: accountId("main"), startedAt: NOW };

function stop(runs: Partial<GuardRuns>, ...words: string[]) {
  const { guarding } = createFakeGuarding({ lease: LEASE, isAlive: true, protections: [protectionSample()] });
  const guardRuns = {
    enter: () => () => undefined,
    list: () => [],
    ask: () => undefined,
    isThere: () => false,
    ...runs,
  };
  return runLine(["guard", "stop", ...words], createFakeApp({ guarding, guardRuns }).app);
}

it("leaves a console alone, and says how it is left", async () => {
  const { code, errors } = await stop({});
  const hint = expect.stringContaining("Leave the console") as string;
  expect([code, errors()]).toMatchObject([1, [{ error: { code: "GUARD_IS_CONSOLE", hint } }]]);
});

it("ends one that stands by for a console without a word, as what is armed stays guarded", async () => {
  const { code, objects } = await stop({ list: () => [RUN] });
  expect([code, objects()]).toMatchObject([
    0,
    [{ stopped: [{ pid: 99, held: false }], guardian: { pid: 4711 }, unguarded: [] }],
  ]);
});

it("kills nobody: what does not answer in time is told", async () => {
  const { code, errors } = await stop({ list: () => [RUN], isThere: () => true });
  expect([code, errors()]).toMatchObject([1, [{ error: { code: "GUARD_NOT_ENDED" } }]]);
});
