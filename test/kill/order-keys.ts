import type { PtyScreen } from "../e2e/pty-screen.ts";
import type { KillRun } from "./kill-run.ts";
import type { KillWorld } from "./kill-world.ts";

const MOST_OPEN = 5;
const CANCELS = 0.3;
const ESCAPE = "\u001B";

/** Writes an order that rests or trades at once, or a cancel, and presses the last key of it. */
export async function pressOrderKeys(screen: PtyScreen, world: KillWorld, run: KillRun): Promise<void> {
  const open = world.storedOrders().filter(({ state }) => state === "open").length;
  if (open >= MOST_OPEN || (open > 0 && run.random() < CANCELS)) {
    // The cursor may stand on another panel or on an order that has ended; three turns at most bring it to the first.
    for (const _turn of [1, 2, 3]) {
      await forgetMessage(screen);
      screen.type("\tgx");
      const told = await screen.until(
        (text) => text.includes("Cancel this order") || isRefused(text),
        "an answer to x",
      );
      if (!told.includes("Cancel this order")) continue;
      screen.type("y");
      return;
    }
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

function isRefused(text: string): boolean {
  return /nothing to cancel|no order to cancel/.test(text);
}

/** The same words as before would pass for the answer to the next key. */
async function forgetMessage(screen: PtyScreen): Promise<void> {
  if (!isRefused(screen.text())) return;
  screen.type(ESCAPE);
  await screen.until((text) => !isRefused(text), "the message gone");
}
