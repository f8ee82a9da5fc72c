import { defineCommand } from "../define-command.ts";
import { changeTradingState, REASON_ARGUMENT } from "./change-state.ts";

export const tradingHalt = defineCommand({
  path: ["trading", "halt"],
  summary: "Let nothing leave but cancels; stops do NOT sell while it lasts.",
  details: [
    "Holds at once for every process of the account, and until somebody resumes. Open orders stay open: `tapedeck panic`",
    "halts and cancels them.",
  ],
  examples: [{ line: "tapedeck trading halt the exchange behaves oddly", what: "send nothing until it is understood" }],
  arguments: [REASON_ARGUMENT],
  next: "tapedeck panic",
  run: (context) => changeTradingState(context, "halted"),
});
