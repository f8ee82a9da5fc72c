import { afterAll, beforeAll, expect, it } from "vitest";
import type { PtyScreen } from "../e2e/pty-screen.ts";
import { createKillRun, KILLS } from "./kill-run.ts";
import type { KillWorld } from "./kill-world.ts";
import { createKillWorld, killScreen, settledOrders, untilReady } from "./kill-world.ts";
import { isUnproven, orderDifferences } from "./order-differences.ts";
import { pressOrderKeys } from "./order-keys.ts";
import { hashesOverRestarts } from "./restarts.ts";

const run = createKillRun(1);
let world: KillWorld;
beforeAll(async () => {
  world = await createKillWorld(run.seed);
});
afterAll(() => world.close());

/** When the kill falls after the last key: somewhere, once the console has written it down, once the exchange has it. */
const MOMENTS = ["somewhere", "written", "taken"] as const;
/** From the key to the exchange's answer it is some 10 ms on a machine at rest. */
const SOMEWHERE_MS = 40;
const SHORTLY_MS = 8;
const PATIENCE_MS = 5_000;

it(`of ${KILLS} kills -9 of the console while it places, fills and cancels orders, none loses, doubles or guesses one`, async () => {
  console.log(`console kills: KILL_SEED=${run.seed}`);
  let startMs = 1_000;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const began = performance.now();
    const screen = world.openConsole();
    if (kill > 0 && run.random() < 0.2) {
      await killAfter(screen, run.within(startMs));
      continue;
    }
    await untilReady(screen);
    startMs = performance.now() - began;
    const where = `seed ${run.seed}, kill ${kill}`;
    expect(orderDifferences(await world.ledger(), world.storedOrders()), where).toEqual([]);
    // A cancel of an order that never got there leaves nothing at the exchange to wait for.
    const moment = run.pick(world.storedOrders().some(isUnproven) ? (["somewhere", "written"] as const) : MOMENTS);
    const before = await traces(moment);
    await pressOrderKeys(screen, world, run);
    if (moment !== "somewhere") await untilTraced(moment, before, () => `${where}:\n${screen.text()}`);
    await killAfter(screen, run.within(moment === "somewhere" ? SOMEWHERE_MS : SHORTLY_MS));
  }
  const orders = await settledOrders(world.env);
  expect(orderDifferences(await world.ledger(), orders), `seed ${run.seed}`).toEqual([]);
  expect(orders.length).toBeGreaterThan(KILLS / 4);
});

it("after 1, 2 and 10 more restarts the stored state is the same to the last bit", async () => {
  const hashes = await hashesOverRestarts(world);
  expect(hashes, `seed ${run.seed}`).toEqual(hashes.map(() => hashes[0]));
});

/** What a key has left so far, where the moment looks. */
async function traces(moment: (typeof MOMENTS)[number]): Promise<string> {
  // A cancel that the exchange knows nothing of leaves the order as it was.
  return moment === "written" ? `${world.orderEvents()}` : JSON.stringify((await world.ledger()).orders);
}

async function untilTraced(moment: (typeof MOMENTS)[number], before: string, where: () => string): Promise<void> {
  for (const patience = Date.now() + PATIENCE_MS; Date.now() < patience; await turn())
    if ((await traces(moment)) !== before) return;
  throw new Error(`the key did nothing, ${where()}`);
}

/** Without it the last key would still wait to be written to the terminal. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function killAfter(screen: PtyScreen, waitMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  await killScreen(screen);
}
