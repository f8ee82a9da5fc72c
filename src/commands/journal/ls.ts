import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { FILTER_OPTIONS, readFilter, withBook } from "./entry-filter.ts";
import { ENTRY_COLUMNS, entryJson, entryRow } from "./entry-view.ts";

const DEFAULT_LIMIT = 50;

export const journalLs = defineCommand({
  path: ["journal", "ls"],
  summary: "List what was done and seen, the newest first.",
  details: [
    "Reads this machine's database alone: no network, no keys. What another device wrote is among it once it was",
    "synchronised. An entry that cannot be read is listed with its place.",
    'JSON: {"schema":"tapedeck.journal/1","mode":…,"entries":[{"mode","account","device","sequence","time","type",',
    '"clientOrderId","by","why","event","chain"}]}; NDJSON is one entry a line.',
  ],
  examples: [
    { line: "tapedeck journal ls --since 1h", what: "the last hour" },
    { line: "tapedeck journal ls --order td-1 --json", what: "all that is known of an order" },
    { line: "tapedeck journal ls --type backup --type sync --all", what: "what was done to the stores" },
  ],
  options: [...FILTER_OPTIONS, { flags: "--limit N", what: "how many at most", default: String(DEFAULT_LIMIT) }],
  next: "tapedeck journal export",
  run: (context) =>
    withBook(context, (book) => {
      const limit = context.options.count("limit", { min: 1, max: 100_000 }) ?? DEFAULT_LIMIT;
      context.print.list({
        schema: "tapedeck.journal/1",
        itemSchema: "tapedeck.journal-entry/1",
        key: "entries",
        items: book.newest(readFilter(context, book), limit),
        json: entryJson,
        csv: entryRow,
        columns: ENTRY_COLUMNS,
        empty: "The journal holds no such entry.",
      });
      return EXIT_CODES.ok;
    }),
});
