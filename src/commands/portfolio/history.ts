import type { EquitySample } from "../../core/domain/equity-history.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";
import { readLength, readMoment } from "../parse/read-moment.ts";
import { drawdownJson, drawdownText, figureJson } from "./show.ts";

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
  ],
  options: [
    { flags: "--since WHEN", what: "a time back like 90m, 12h or 7d, or a date", default: DEFAULT_SINCE },
    { flags: "--every TIME", what: "only the first sample of each stretch of this length: 1h, 1d" },
  ],
  next: "tapedeck portfolio show",
  run: ({ options, print, withApp }) =>
    withApp((app) => {
      const since = readMoment("since", options.text("since") ?? DEFAULT_SINCE, app.now());
      const every = options.text("every");
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
  { title: "KNOWN", value: ({ known, quote }) => `${formatMoney(known, 2)} ${quote}`, align: "right", optional: 2 },
  { title: "WITHOUT", value: unknownText, optional: 1 },
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
