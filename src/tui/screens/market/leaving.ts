import type { App } from "../../../app/app.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import { armedAmong } from "../../../core/domain/protection.ts";
import { isWorking } from "../../../core/domain/order.ts";
import type { LayerName } from "../../input/keymap.ts";
import type { Message } from "./messages.ts";
import { faultText } from "./messages.ts";

/** What nobody acts on any more once this console ends, unless another process goes on. */
export function guardedHere(app: App): readonly Protection[] {
  if (app.accountId === undefined || !app.guarding.isHolder) return [];
  return armedAmong(app.store.getState().trading.protections.values());
}

/** What has to be asked before leaving; undefined when nothing is left behind. */
export function questionBeforeLeaving(app: App): LayerName | undefined {
  if (guardedHere(app).length > 0) return "guard-on";
  return [...app.store.getState().trading.orders.values()].some(isWorking) ? "quit" : undefined;
}

/** Starts a guardian in the background and leaves once it stands by; stays, and says why, when it does not start. */
export function keepGuarding(app: App, say: (level: Message["level"], text: string) => void, leave: () => void): void {
  const start = app.guarding.startInBackground;
  if (start === undefined) {
    say("error", "The simulated exchange ends with this console, so nothing can go on in the background.");
    return;
  }
  say("info", "Starting a guardian in the background…");
  start().then(leave, (cause: unknown) => {
    say("error", `This console stays, and guards: ${faultText(cause)}`);
  });
}
