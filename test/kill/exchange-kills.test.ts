import { afterAll, beforeAll, expect, it } from "vitest";
import type { PtyScreen } from "../e2e/pty-screen.ts";
import { createKillRun, KILLS } from "./kill-run.ts";
import type { KillWorld } from "./kill-world.ts";
import { createKillWorld, killScreen, settledOrders, untilReady } from "./kill-world.ts";
import { orderDifferences } from "./order-differences.ts";
import { pressOrderKeys } from "./order-keys.ts";
import { hashesOverRestarts } from "./restarts.ts";

const run = createKillRun(2);
let world: KillWorld;
let screen: PtyScreen;
beforeAll(async () => {
  world = await createKillWorld(run.seed);
  screen = world.openConsole();
  await untilReady(screen);
});
afterAll(() => world.close());

/** The exchange takes an order some 5 ms after the key, writes it down and answers in the next. */
const SOMEWHERE_MS = 15;
const TICKET_GONE_MS = 30_000;

it(`of ${KILLS} kills -9 of the exchange while orders are placed, filled and cancelled, the console loses, doubles and guesses none`, async () => {
  console.log(`exchange kills: KILL_SEED=${run.seed}`);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await pressOrderKeys(screen, world, run);
    await new Promise((resolve) => setTimeout(resolve, run.within(SOMEWHERE_MS)));
    await world.killExchange();
    await world.startExchange();
    // The ticket stays until the order's first outcome, whatever that is.
    const isFree = (text: string) => !/Enter sends this order|BUY BTCUSDT|SELL BTCUSDT|Cancel this order/.test(text);
    if (!isFree(screen.text())) await screen.until(isFree, "an outcome", TICKET_GONE_MS);
  }
  await killScreen(screen);
  const orders = await settledOrders(world.env);
  expect(orderDifferences(await world.ledger(), orders), `seed ${run.seed}`).toEqual([]);
  expect(orders.length).toBeGreaterThan(KILLS / 4);
});

it("after 1, 2 and 10 restarts of the console the stored state is the same to the last bit", async () => {
  const hashes = await hashesOverRestarts(world);
  expect(hashes, `seed ${run.seed}`).toEqual(hashes.map(() => hashes[0]));
});
