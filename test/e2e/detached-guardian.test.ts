import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Simulator } from "./program.ts";
import { makeHome, run, startSimulator } from "./program.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "11", "--symbols", "1"], home.path);
  const { code, stderr } = await run(["order", "place", "buy", "BTCUSDT", "0.001", "sl", "-20%"], simulator.env);
  expect(code, stderr).toBe(0);
});
afterEach(async () => {
  await run(["guard", "stop", "--yes"], simulator.env);
  await simulator.stop();
  home.remove();
});

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it("guards when detaching returns, and ends when it is asked to", async () => {
  // A log that is full: its first line puts the file aside, and whoever waits for that line finds it all the same.
  const log = join(home.path, "state", "guard.ndjson");
  mkdirSync(join(home.path, "state"), { recursive: true });
  writeFileSync(log, `${"x".repeat(99)}\n`.repeat(50_000), { mode: 0o644 });
  const detached = await run(["guard", "run", "--detach", "--json"], simulator.env);
  expect(detached.code, detached.stderr).toBe(0);
  const started = JSON.parse(detached.stdout) as {
    readonly pid: number;
    readonly waitsFor: readonly string[];
    readonly output: string;
  };
  expect(started).toMatchObject({ lease: { held: true }, waitsFor: [] });

  const status = await run(["guard", "status", "--json"], simulator.env);
  expect([status.code, JSON.parse(status.stdout)], status.stderr).toMatchObject([
    0,
    { guardian: { pid: started.pid, alive: true }, markets: [{ state: "watching" }], concerns: [] },
  ]);
  expect(statSync(started.output).mode & 0o777).toBe(0o600);
  expect(started.output).toBe(log);
  expect(readFileSync(log, "utf8")).toContain('"tapedeck.guard/1"');
  expect([statSync(log).size < 100_000, statSync(`${log}.1`).size]).toEqual([true, 5_000_000]);

  const unsaid = await run(["guard", "stop", "--json"], simulator.env);
  expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining("CONFIRMATION_NEEDED")]);
  expect(isThere(started.pid)).toBe(true);

  const stopped = await run(["guard", "stop", "--yes", "--json"], simulator.env);
  expect([stopped.code, JSON.parse(stopped.stdout)]).toMatchObject([
    0,
    { stopped: [{ pid: started.pid, held: true }], unguarded: [{ symbol: "BTCUSDT" }] },
  ]);
  await expect.poll(() => isThere(started.pid), { timeout: 10_000 }).toBe(false);
  expect((await run(["guard", "status", "--json"], simulator.env)).code).toBe(9);
});
