import { defineCommand } from "../define-command.ts";
import { changeTradingState, REASON_ARGUMENT } from "./change-state.ts";

export const tradingReduce = defineCommand({
  path: ["trading", "reduce"],
  summary: "Let only sales leave; stops go on selling.",
  details: ["Holds at once for every process of the account, and until somebody resumes."],
  examples: [{ line: "tapedeck trading reduce enough for today", what: "no new risk, exits still work" }],
  arguments: [REASON_ARGUMENT],
  next: "tapedeck trading status",
  run: (context) => changeTradingState(context, "reducing"),
});
