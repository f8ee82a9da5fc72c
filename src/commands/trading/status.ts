import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { printTradingState } from "./state-view.ts";

export const tradingStatus = defineCommand({
  path: ["trading", "status"],
  summary: "Show whether orders may leave, who decided it, and by which figures.",
  details: [
    "The state is kept on disk, the same for every process of the account and after every restart.",
    'JSON: {"schema":"tapedeck.trading/1","mode":…,"state":"active|reducing|halted","reason":…,"by":…,"at":…,',
    '"evidence":[{"what","value","limit","since"}]}.',
  ],
  examples: [
    { line: "tapedeck trading status", what: "may orders leave?" },
    { line: "tapedeck trading status --json", what: "the same for a script" },
  ],
  next: "tapedeck trading resume REASON",
  run: (context) =>
    context.withApp((app) => {
      printTradingState(context.print, app.safety.state());
      return Promise.resolve(EXIT_CODES.ok);
    }),
});
