import type { HeldState } from "../../core/domain/trading-state.ts";
import { parseReason } from "../../core/domain/state-reason.ts";
import type { CommandContext } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { usageError } from "../usage-error.ts";
import { printTradingState } from "./state-view.ts";

export const REASON_ARGUMENT = { name: "REASON...", what: "why, in your own words; it stands in the journal" } as const;

/** Sets the trading state of the account for every process, with the reason a person typed. */
export function changeTradingState(context: CommandContext, kind: HeldState["kind"]): Promise<ExitCode> {
  const reason = parseReason(context.args.join(" "));
  if (reason === undefined) {
    throw usageError("The reason says nothing.", "Write why, for example: checked the feed, prices are fresh.");
  }
  return context.withApp((app) => {
    printTradingState(context.print, app.safety.setState({ kind, reason }));
    return Promise.resolve(EXIT_CODES.ok);
  });
}
