import { afterEach, beforeEach, expect, it } from "vitest";
import type { Running, Simulator } from "./program.ts";
import { makeHome, run, start, startSimulator } from "./program.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
let price: number;
const guards: Running[] = [];
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "11", "--symbols", "1"], home.path);
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  price = Number(((await answer.json()) as { readonly bidPrice: string }).bidPrice);
  const stop = (price * 0.996).toFixed(2);
  const words = ["order", "place", "buy", "BTCUSDT", "0.001", "sl", stop, "--json"];
  const { code, stdout, stderr } = await run(words, simulator.env);
  expect(code, `${stdout}${stderr}`).toBe(0);
});
afterEach(async () => {
  for (const guard of guards.splice(0)) {
    guard.child.kill("SIGKILL");
    await guard.finished;
  }
  await simulator.stop();
  home.remove();
});

/** A guardian that has said how it stands. */
async function openGuard(): Promise<{ readonly guard: Running; readonly held: boolean; readonly holderPid: number }> {
  const guard = start(["guard", "run", "--json"], simulator.env);
  guards.push(guard);
  const line = await guard.line((text) => text.includes('"tapedeck.guard/1"'));
  const { lease } = JSON.parse(line) as { readonly lease: { readonly held: boolean; readonly pid: number } };
  return { guard, held: lease.held, holderPid: lease.pid };
}

const hears = (guard: Running, event: string) => guard.line((line) => line.includes(`"event":"${event}"`));
const fall = () => simulator.control("move", { symbol: "BTCUSDT", price: (price * 0.994).toFixed(2) });
const sales = async () => (await simulator.ledger()).orders.filter(({ side }) => side === "SELL");
const sold = async () => (await sales()).map(({ status, executedQuantity }) => `${status} ${executedQuantity}`);

it("two guardians: one acts, the other says who holds the lease, and the stop sells once", async () => {
  const first = await openGuard();
  await hears(first.guard, "market-watched");
  const second = await openGuard();
  expect(first.held).toBe(true);
  expect(second).toMatchObject({ held: false, holderPid: first.guard.child.pid });
  await fall();
  await expect.poll(sold, { timeout: 20_000 }).toEqual(["FILLED 0.001"]);
  // Whoever stands by has learned of the same end by now, and adds nothing to it.
  await Promise.all([first, second].map(({ guard }) => hears(guard, "protection-ended")));
  expect(await sold()).toEqual(["FILLED 0.001"]);
});

it("a guardian that is killed is followed within a second or so", async () => {
  const first = await openGuard();
  await hears(first.guard, "market-watched");
  const second = await openGuard();
  const killedAt = performance.now();
  first.guard.child.kill("SIGKILL");
  await hears(second.guard, "lease-held");
  expect(performance.now() - killedAt).toBeLessThan(5_000);
  await hears(second.guard, "market-watched");
  await fall();
  await expect.poll(sold, { timeout: 20_000 }).toEqual(["FILLED 0.001"]);
});

it("a stop that is crossed between two guardians asks, and sells nothing", async () => {
  const first = await openGuard();
  await hears(first.guard, "market-watched");
  const second = await openGuard();
  second.guard.child.kill("SIGSTOP");
  first.guard.child.kill("SIGKILL");
  await first.guard.finished;
  await fall();
  second.guard.child.kill("SIGCONT");
  await hears(second.guard, "question-asked");
  expect(await sold()).toEqual([]);
  const { code, stdout } = await run(["guard", "status", "--json"], simulator.env);
  expect(code).toBe(9);
  expect(stdout).toContain('"state":"asking"');
});

it("a guardian that was frozen beyond its lease sends nothing when it wakes, and says so", async () => {
  const first = await openGuard();
  await hears(first.guard, "market-watched");
  const second = await openGuard();
  first.guard.child.kill("SIGSTOP");
  await hears(second.guard, "lease-held");
  await hears(second.guard, "market-watched");
  await fall();
  await expect.poll(sold, { timeout: 20_000 }).toEqual(["FILLED 0.001"]);
  first.guard.child.kill("SIGCONT");
  await hears(first.guard, "lease-lost");
  expect(await sold()).toEqual(["FILLED 0.001"]);
});
