import type { App } from "../../app/app.ts";
import type { EquitySample } from "../../core/domain/equity-history.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";
import { readLength, readMoment } from "../parse/read-moment.ts";
import { usageError } from "../usage-error.ts";
import { EXPLAINED_FILL_COLUMNS, explainedFillJson } from "./figures-json.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "./missing-fills.ts";
import { drawdownJson, drawdownText, figureJson } from "./show.ts";
import { fillsSince } from "./why.ts";

const DEFAULT_SINCE = "30d";

export const portfolioHistory = defineCommand({
  path: ["portfolio", "history"],
  summary: "List the kept samples of what the account was worth, oldest first.",
  details: [
    "A console or a guardian that runs keeps one every five minutes, and `portfolio show` one when it is asked. This",
    "command reads what is stored and asks nobody. Where something had no price, equity is unknown and the known part",
    'stands beside it. JSON: {"schema":"tapedeck.equity-history/1",…,"samples":[…]}; NDJSON is one sample a line.',
  ],
  examples: [
    { line: "tapedeck portfolio history --since 7d -o csv", what: "a week, for a spreadsheet" },
    { line: "tapedeck portfolio history --since 2026-01-01 --every 1d", what: "one sample a day" },
    { line: "tapedeck portfolio history --since 1d --why", what: "the fills of the last day" },
  ],
  options: [
    { flags: "--since WHEN", what: "a time back like 90m, 12h or 7d, or a date", default: DEFAULT_SINCE },
    { flags: "--why", what: "list the fills of this time instead: what moved the equity beside prices and transfers" },
    { flags: "--every TIME", what: "only the first sample of each stretch of this length: 1h, 1d" },
  ],
  next: "tapedeck portfolio show",
  run: (context) =>
    context.withApp((app) => {
      const { options, print } = context;
      const since = readMoment("since", options.text("since") ?? DEFAULT_SINCE, app.now());
      const every = options.text("every");
      if (options.has("why")) {
        if (every !== undefined) throw usageError("--why excludes --every.", "Give one of them.");
        printFills(context, app, since);
        return Promise.resolve(EXIT_CODES.ok);
      }
      const kept = app.portfolio.samples(since);
      const items = every === undefined ? kept : thin(kept, readLength("every", every));
      const drawdown = app.portfolio.drawdown(since);
      print.list({
        schema: "tapedeck.equity-history/1",
        itemSchema: "tapedeck.equity-sample/1",
        key: "samples",
        items,
        about: { since: isoTime(since), drawdown: figureJson(drawdown, drawdownJson) },
        json: sampleJson,
        csv: (sample) => ({ ...sampleJson(sample), unknown: unknownText(sample) }),
        columns: COLUMNS,
        empty: "No sample has been kept in this time.",
      });
      if (items.length > 0) print.progress(`Drawdown: ${drawdownText(drawdown)}.`);
      return Promise.resolve(EXIT_CODES.ok);
    }),
});

function printFills(context: CommandContext, app: App, since: Timestamp): void {
  const holes = missingFills(app, { since });
  context.print.list({
    schema: "tapedeck.equity-fills/1",
    itemSchema: "tapedeck.equity-fill/1",
    key: "fills",
    items: fillsSince(app, since),
    about: { since: isoTime(since), ...missingFillsJson(holes) },
    json: explainedFillJson,
    columns: EXPLAINED_FILL_COLUMNS,
    empty: "There is no fill in this time: prices and transfers alone moved the equity.",
  });
  warnOfMissingFills(context, holes);
}

function sampleJson({ at, quote, known, unknown }: EquitySample) {
  return {
    time: isoTime(at),
    quote,
    equity: unknown.length === 0 ? formatMoney(known) : null,
    knownWorth: formatMoney(known),
    unknown: unknown.map((it) => ({ ...it, quantity: formatMoney(it.quantity) })),
  };
}

const COLUMNS: readonly Column<EquitySample>[] = [
  { title: "TIME", value: ({ at }) => isoTime(at) },
  {
    title: "EQUITY",
    value: ({ known, quote, unknown }) => (unknown.length === 0 ? `${formatMoney(known, 2)} ${quote}` : undefined),
    align: "right",
  },
  { title: "KNOWN", value: ({ known, quote }) => `${formatMoney(known, 2)} ${quote}`, align: "right" },
  { title: "WITHOUT", value: unknownText },
];

function unknownText({ unknown }: EquitySample): string {
  return unknown.map(({ asset, quantity }) => `${formatMoney(quantity)} ${asset}`).join(", ");
}

function thin(samples: readonly EquitySample[], lengthMs: number): readonly EquitySample[] {
  let stretch: number | undefined;
  return samples.filter(({ at }) => {
    const own = Math.floor(at / lengthMs);
    const isFirst = own !== stretch;
    stretch = own;
    return isFirst;
  });
}
