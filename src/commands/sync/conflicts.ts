import type { SyncConflict } from "../../app/syncing.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { withSyncing } from "./sync-view.ts";

const WHY: Readonly<Record<SyncConflict["kind"], string>> = {
  lost: "it gave way to what another machine had said first, or knew more of",
  clock: "its machine's clock is ahead; it is let in when its time has come",
  damaged: "it is not what was once pushed: somebody changed it on the remote",
};

export const syncConflicts = defineCommand({
  path: ["sync", "conflicts"],
  summary: "List the rows that gave way to another machine's, or were not let in.",
  details: [
    "Nothing of them is lost: the whole row is kept. Newest first.",
    'JSON: {"schema":"tapedeck.sync-conflicts/1","mode":…,"conflicts":[{"kind":"lost|clock|damaged","table","key","at","row"}]}.',
  ],
  examples: [
    { line: "tapedeck sync conflicts", what: "what gave way, and why" },
    { line: "tapedeck sync conflicts --json", what: "with the rows themselves" },
  ],
  options: [{ flags: "--limit N", what: "at most so many", default: "100" }],
  run: (context) =>
    withSyncing(context, (syncing) => {
      const items = syncing.conflicts(context.options.count("limit", { min: 1, max: 10_000 }) ?? 100);
      context.print.list({
        schema: "tapedeck.sync-conflicts/1",
        itemSchema: "tapedeck.sync-conflict/1",
        key: "conflicts",
        items,
        json: ({ kind, table, key, at, row }) => ({
          kind,
          table,
          key,
          at: isoTime(at),
          row: JSON.parse(row) as unknown,
        }),
        csv: ({ kind, table, key, at, row }) => ({ kind, table, key, at: isoTime(at), row }),
        columns: [
          { title: "WHEN", value: ({ at }) => isoTime(at) },
          { title: "KIND", value: ({ kind }) => kind },
          { title: "TABLE", value: ({ table }) => table },
          { title: "KEY", value: ({ key }) => safeText(key, 80) },
          { title: "WHY", value: ({ kind }) => WHY[kind], optional: 1 },
        ],
        empty: "No row ever gave way.",
      });
      return Promise.resolve(EXIT_CODES.ok);
    }),
});
