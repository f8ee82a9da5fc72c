import type { KillWorld } from "./kill-world.ts";
import { killScreen, settledOrders, stateHash, untilReady } from "./kill-world.ts";

const RESTARTS = [1, 2, 10] as const;

/** The state's hash before any restart of the console, and after 1, 2 and 10, each one ended by a kill -9. */
export async function hashesOverRestarts(world: KillWorld): Promise<readonly string[]> {
  await settledOrders(world.env);
  const hashes = [await stateHash(world.env)];
  for (let restart = 1; restart <= Math.max(...RESTARTS); restart += 1) {
    const screen = world.openConsole();
    await untilReady(screen);
    await killScreen(screen);
    if (RESTARTS.includes(restart as (typeof RESTARTS)[number])) hashes.push(await stateHash(world.env));
  }
  return hashes;
}
