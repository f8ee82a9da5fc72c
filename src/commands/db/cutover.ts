import type { Gate, Syncing } from "../../app/syncing.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { withSyncing } from "../sync/sync-view.ts";
import { usageError } from "../usage-error.ts";

export const dbCutover = defineCommand({
  path: ["db", "cutover"],
  summary: "Make the remote the record, or go one step back.",
  details: [
    "plan: every gate, with what was found. run: refuses and names each gate that does not hold; else the remote is the record,",
    "and the file here stays what everything works on: an outage of the remote is no more than a longer outbox.",
    "rollback: from primary to shadow, after all was pulled and found equal; from shadow to local.",
    'JSON: {"schema":"tapedeck.cutover/1","mode":…,"storageMode":…,"ready":…,"gates":[{"name","passed","what"}]}.',
  ],
  examples: [
    { line: "tapedeck db cutover plan", what: "what stands in the way" },
    { line: "tapedeck db cutover run --yes", what: "when nothing does" },
  ],
  arguments: [{ name: "ACTION", what: "plan, run or rollback" }],
  next: "tapedeck db shadow status",
  run: (context) =>
    withSyncing(context, async (syncing) => {
      const [action] = context.args;
      const { shadow } = syncing;
      const { signal } = context;
      switch (action) {
        case "plan": {
          const gates = await shadow.plan(signal);
          tell(context, syncing, gates);
          return gates.every(({ passed }) => passed) ? EXIT_CODES.ok : EXIT_CODES.partial;
        }
        case "run":
          await confirmTyped(context, "The remote will be the record from now on.", "primary");
          await shadow.cutOver(signal);
          break;
        case "rollback":
          await confirmTyped(context, `The storage goes one step back from ${shadow.record().mode}.`, "back");
          await shadow.rollBack(signal);
          break;
        default:
          throw usageError(`There is no db cutover ${safeText(action ?? "", 40)}.`, "It is plan, run or rollback.");
      }
      tell(context, syncing, []);
      return EXIT_CODES.ok;
    }),
});

function tell({ print }: CommandContext, syncing: Syncing, gates: readonly Gate[]): void {
  const storageMode = syncing.shadow.record().mode;
  print.record({
    schema: "tapedeck.cutover/1",
    json: {
      storageMode,
      ready: gates.length === 0 ? null : gates.every(({ passed }) => passed),
      gates: gates.map((gate) => ({ ...gate })),
    },
    fields: [
      ["storage", storageMode],
      ...gates.map(({ name, passed, what }) => [name, `${passed ? "holds" : "DOES NOT HOLD"}: ${what}`] as const),
    ],
  });
}
