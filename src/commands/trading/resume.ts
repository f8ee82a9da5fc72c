import { defineCommand } from "../define-command.ts";
import { changeTradingState, REASON_ARGUMENT } from "./change-state.ts";

export const tradingResume = defineCommand({
  path: ["trading", "resume"],
  summary: "Let orders leave again, with a reason.",
  details: [
    "Holds at once for every process of the account, a screen or a guardian that runs elsewhere included. What made a",
    "trip counts anew from here: the same figures do not trip again.",
  ],
  examples: [{ line: "tapedeck trading resume checked the fills, the feed is back", what: "after a trip or a panic" }],
  arguments: [REASON_ARGUMENT],
  next: "tapedeck trading status",
  run: (context) => changeTradingState(context, "active"),
});
