import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { statusFields, statusJson, withSyncing } from "./sync-view.ts";

export const syncStatus = defineCommand({
  path: ["sync", "status"],
  summary: "Show what waits to be pushed, when both sides were last equal, and which machine guards.",
  details: [
    "Reads what is on disk and asks nobody. Exit code 0, whether or not a remote is set.",
    'JSON: {"schema":"tapedeck.sync-status/1","mode":…,"configured":…,"remote":…,"device":…,"pending":{"rows","oldestAt",',
    '"oldestAgeMs"},"conflicts":…,"lastSyncAt":…,"lastError":…,"rows":{…},"bytes":{…},"clockOffsetMs":…,"guards":[…]}.',
  ],
  examples: [{ line: "tapedeck sync status --json", what: "for scripts" }],
  next: "tapedeck sync now",
  run: (context) =>
    withSyncing(context, (syncing) => {
      const status = syncing.status();
      const now = syncing.now();
      context.print.record({
        schema: "tapedeck.sync-status/1",
        json: statusJson(status, now),
        fields: [...statusFields(status, now)],
      });
      return Promise.resolve(EXIT_CODES.ok);
    }),
});
