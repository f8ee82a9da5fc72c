import type { RecordedEntry } from "../../app/journal-book.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { renderCsv } from "../output/csv.ts";
import { FILTER_OPTIONS, readFilter, withBook } from "./entry-filter.ts";
import { entryJson, entryRow } from "./entry-view.ts";

/** Written at once, before we wait for the reader. */
const LINES_A_PIECE = 200;

export const journalExport = defineCommand({
  path: ["journal", "export"],
  summary: "Write the journal to stdout, the oldest entry first, one journal after the other.",
  details: [
    "However long it is, a page of it is held at a time. NDJSON unless -o json or -o csv is given. In a CSV the event is",
    "JSON in one cell, and no cell can run as a formula. Each entry carries its chain, so that a copy can be compared.",
    'NDJSON: {"schema":"tapedeck.journal-entry/1","mode","account","device","sequence","time","type","clientOrderId",',
    '"by","why","event","chain"} a line; JSON is {"schema":"tapedeck.journal/1","mode":…,"entries":[…]}.',
  ],
  examples: [
    { line: "tapedeck journal export --all > journal.ndjson", what: "everything" },
    { line: "tapedeck journal export --since 2026-01-01 -o csv > year.csv", what: "for a spreadsheet" },
  ],
  options: FILTER_OPTIONS,
  next: "tapedeck journal verify",
  run: (context) =>
    withBook(context, async (book) => {
      const { io, signal } = context;
      let piece: string[] = [];
      for (const line of linesOf(context, book.walk(readFilter(context, book)))) {
        piece.push(line);
        if (piece.length < LINES_A_PIECE) continue;
        io.out.write(`${piece.join("\n")}\n`);
        piece = [];
        await io.out.drained();
        if (io.out.closed.aborted) return EXIT_CODES.ok;
        signal.throwIfAborted();
      }
      if (piece.length > 0) io.out.write(`${piece.join("\n")}\n`);
      return EXIT_CODES.ok;
    }),
});

function linesOf({ print }: CommandContext, entries: Iterable<RecordedEntry>): Iterable<string> {
  if (print.format === "csv") return csvLines(entries);
  if (print.format === "json" && print.explicit) return documentLines(print.mode, entries);
  return ndjsonLines(print, entries);
}

function* ndjsonLines(print: CommandContext["print"], entries: Iterable<RecordedEntry>): Iterable<string> {
  for (const entry of entries) yield print.eventLine("tapedeck.journal-entry/1", entryJson(entry));
}

function* csvLines(entries: Iterable<RecordedEntry>): Iterable<string> {
  let isFirst = true;
  for (const entry of entries) {
    const [header = "", row = ""] = renderCsv([entryRow(entry)]);
    if (isFirst) yield header;
    isFirst = false;
    yield row;
  }
}

/** One JSON object, an entry a line. */
function* documentLines(mode: string | undefined, entries: Iterable<RecordedEntry>): Iterable<string> {
  const head = JSON.stringify({ schema: "tapedeck.journal/1", mode: mode ?? null });
  yield `${head.slice(0, -1)},"entries":[`;
  let held: string | undefined;
  for (const entry of entries) {
    if (held !== undefined) yield `${held},`;
    held = JSON.stringify(entryJson(entry));
  }
  if (held !== undefined) yield held;
  yield "]}";
}
