import type { PtyScreen } from "../e2e/pty-screen.ts";
import type { KillRun } from "./kill-run.ts";
import type { KillWorld } from "./kill-world.ts";

const MOST_OPEN = 5;
const CANCELS = 0.3;

/** Writes an order that rests or trades at once, or a cancel, and presses the last key of it. */
export async function pressOrderKeys(screen: PtyScreen, world: KillWorld, run: KillRun): Promise<void> {
  const open = world.storedOrders().filter(({ state }) => state === "open").length;
  if (open >= MOST_OPEN || (open > 0 && run.random() < CANCELS)) {
    screen.type("x");
    await screen.until(/Cancel this order/);
    screen.type("y");
    return;
  }
  const [side, factor] = run.pick<readonly [string, number]>([
    ["buy", 0.9],
    ["buy", 1.003],
    ["sell", 0.997],
  ]);
  const price = ((await world.bid()) * factor).toFixed(2);
  screen.type(`:${side} btcusdt 0.001 @ ${price}\r`);
  await screen.until(new RegExp(`${side.toUpperCase()} BTCUSDT`));
  screen.type("\r");
  await screen.until(/Enter sends this order/);
  screen.type("\r");
}
