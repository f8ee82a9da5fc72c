import type { App } from "../../../app/app.ts";
import type { HeldState } from "../../../core/domain/trading-state.ts";
import type { Message } from "./messages.ts";
import { faultText } from "./messages.ts";

const SET_WORDS: Readonly<Record<HeldState["kind"], string>> = {
  halted: "Trading is HALTED: nothing leaves but cancels, and nothing protected is sold. `:resume REASON` goes on.",
  reducing: "Trading is REDUCING: only what shrinks a holding leaves. `:resume REASON` goes on.",
  active: "Trading is active again.",
};

/** Sets the trading state for every process of the account. */
export function setTradingState(
  app: App,
  state: HeldState,
  say: (level: Message["level"], text: string) => void,
): void {
  if (app.accountId === undefined) {
    say("error", "There is no account, so there is no trading state to set.");
    return;
  }
  try {
    app.safety.setState(state);
    say(state.kind === "active" ? "success" : "warning", SET_WORDS[state.kind]);
  } catch (cause) {
    say("error", faultText(cause));
  }
}
