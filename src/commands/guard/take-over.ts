import { confirmTyped } from "../confirm.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { withSyncing } from "../sync/sync-view.ts";

export const guardTakeOver = defineCommand({
  path: ["guard", "take-over"],
  summary: "Make this machine the one that guards, when the other one is gone.",
  details: [
    "Of several machines of one account one acts on stops and targets. It goes on when the remote cannot be reached, and the",
    "others wait: only a person can know that it is off. End its console and guardian first, if it runs; leaving them in good",
    "order hands over by itself. Pulls everything that was pushed before anybody here acts.",
    'JSON: {"schema":"tapedeck.guard-taken-over/1","mode":…,"account":…,"term":…}.',
  ],
  options: [{ flags: "--offline", what: "while the remote cannot be reached; what it says later counts again" }],
  examples: [{ line: "tapedeck guard take-over", what: "after the other machine was lost" }],
  next: "tapedeck guard run",
  run: (context) =>
    withSyncing(context, async (syncing) => {
      await confirmTyped(
        context,
        "This machine will act on every stop and target of the account. If the other machine still runs, both may sell.",
        "it is off",
      );
      const { accountId, term } = context.options.has("offline")
        ? syncing.takeOverOffline()
        : await syncing.takeOver(context.signal);
      context.print.record({
        schema: "tapedeck.guard-taken-over/1",
        json: { account: accountId, term },
        fields: [["guards", `${accountId}: this machine, from now on`]],
      });
      return EXIT_CODES.ok;
    }),
});
