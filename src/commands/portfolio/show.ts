import type { App } from "../../app/app.ts";
import { unreadWords } from "../../app/transfer-words.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Drawdown, Figure, Gain } from "../../core/domain/equity-history.ts";
import type { BalanceExplanation } from "../../core/domain/explain-balances.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Equity, Holding } from "../../core/domain/valuation.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { rate } from "../output/amounts.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import { CHANGE_COLUMNS, explanationJson, explanationText, readingJson, unexplainedText } from "./explanation-text.ts";
import { signed } from "./figures-json.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "./missing-fills.ts";
import { endWith, refreshBooks } from "./read-books.ts";
import { printWhy, WHYS } from "./why.ts";

export const portfolioShow = defineCommand({
  path: ["portfolio", "show"],
  summary: "Show what the account is worth, how the day went, and whether its balances add up.",
  details: [
    "Assets are valued at last prices, through one market or two. What has no price is listed as unknown and is in no",
    "sum. From the first sample on, the change of every balance is held against fills, deposits, withdrawals and",
    "transfers to futures; whatever does not add up is named with its amount. Drawdown and the day's gain leave money",
    "out that came or went.",
    'JSON: one {"schema":"tapedeck.portfolio/1",…}.',
  ],
  examples: [
    { line: "tapedeck portfolio show", what: "equity, holdings, drawdown and the proof of the balances" },
    { line: "tapedeck portfolio show --why drawdown", what: "the fills since the peak it is counted from" },
  ],
  options: [{ flags: "--why FIGURE", what: `list the fills behind one of ${WHYS.join(", ")}` }],
  next: "tapedeck portfolio pnl",
  run: (context) =>
    context.withApp(async (app) => {
      const why = context.options.choice("why", WHYS);
      const unasked = await refreshBooks(context, app);
      if (why !== undefined) {
        printWhy(context, app, why, unasked !== undefined);
        return endWith(context, unasked);
      }
      const equity = app.portfolio.equity();
      if (equity === undefined) throw unasked ?? balancesUnknown();
      const day = app.portfolio.gainToday();
      const drawdown = app.portfolio.drawdown(0);
      const explained = app.portfolio.explanation();
      const readings = app.portfolio.transferReadings();
      const holes = missingFills(app, explained.kind === "known" ? { since: explained.value.since } : {});
      context.print.record({
        schema: "tapedeck.portfolio/1",
        json: {
          quote: equity.quote,
          equity: equity.unknown.length === 0 ? formatMoney(equity.known) : null,
          knownWorth: formatMoney(equity.known),
          unknown: equity.unknown.map((it) => ({ ...it, quantity: formatMoney(it.quantity) })),
          holdings: equity.holdings.map((holding) => holdingJson(app, holding)),
          day: figureJson(day, gainJson),
          drawdown: figureJson(drawdown, drawdownJson),
          balances: figureJson(explained, explanationJson),
          transfers: readings.map(readingJson),
          ...missingFillsJson(holes),
        },
        fields: [
          ["equity", equityText(equity)],
          ["today", gainText(day, equity.quote)],
          ["drawdown", drawdownText(drawdown)],
          ["balances", explanationText(explained)],
        ],
        below: [
          "",
          ...context.print.table(holdingColumns(app, equity), equity.holdings),
          ...changeLines(context.print, explained),
        ],
      });
      for (const reading of readings) {
        const words = unreadWords(reading);
        if (words !== undefined) context.print.warn(`${words}.`);
      }
      warnOfUnreadableFills(context, explained);
      warnOfMissingFills(context, holes);
      return endWith(context, unasked);
    }),
});

function holdingJson(app: App, { balance, total, worth }: Holding) {
  return {
    asset: balance.asset,
    free: formatMoney(balance.free),
    locked: formatMoney(balance.locked),
    total: formatMoney(total),
    worth: worth.kind === "known" ? formatMoney(worth.value) : null,
    via: worth.kind === "known" ? worth.via : [],
    priceAgeMs: worth.kind === "known" && worth.at !== undefined ? Math.max(0, app.now() - worth.at) : null,
    unknown: worth.kind === "unknown" ? worth.reason : null,
  };
}

function holdingColumns(app: App, { quote }: Equity): readonly Column<Holding>[] {
  return [
    { title: "ASSET", value: ({ balance }) => balance.asset },
    { title: "TOTAL", value: ({ total }) => formatMoney(total), align: "right" },
    { title: "IN ORDERS", value: ({ balance }) => formatMoney(balance.locked), align: "right" },
    {
      title: `WORTH (${quote})`,
      value: ({ worth }) => (worth.kind === "known" ? formatMoney(worth.value, 2) : undefined),
      align: "right",
    },
    {
      title: "BY",
      value: ({ worth }) => (worth.kind === "known" ? worth.via.join(" and ") : worth.reason),
      optional: 1,
    },
    {
      title: "PRICE AGE",
      value: ({ worth }) =>
        worth.kind === "known" && worth.at !== undefined
          ? `${Math.max(0, Math.round((app.now() - worth.at) / 1_000))} s`
          : undefined,
      align: "right",
      optional: 3,
    },
  ];
}

function equityText({ known, quote, unknown }: Equity): string {
  const sum = `${formatMoney(known, 2)} ${quote}`;
  if (unknown.length === 0) return sum;
  const rest = unknown.map(({ asset, quantity, reason }) => `${formatMoney(quantity)} ${asset} (${reason})`).join(", ");
  return `unknown: ${sum} without ${rest}`;
}

/** A figure, or null with the reason. */
export function figureJson<T>(figure: Figure<T>, json: (value: T) => object): object {
  return figure.kind === "known" ? { ...json(figure.value), unknown: null } : { unknown: figure.reason };
}

export function gainJson({ value, since }: Gain) {
  return { gain: formatMoney(value), since: isoTime(since) };
}

export function gainText(figure: Figure<Gain>, quote: string): string {
  if (figure.kind === "unknown") return `unknown: ${figure.reason}`;
  return `${signed(figure.value.value)} ${quote} since ${isoTime(figure.value.since)}`;
}

export function drawdownJson(drawdown: Drawdown) {
  return {
    current: formatMoney(drawdown.current),
    worst: formatMoney(drawdown.worst),
    peakAt: isoTime(drawdown.peakAt),
    worstAt: isoTime(drawdown.worstAt),
    since: isoTime(drawdown.since),
    blindStretches: drawdown.blindStretches,
  };
}

export function drawdownText(figure: Figure<Drawdown>): string {
  if (figure.kind === "unknown") return `unknown: ${figure.reason}`;
  const { current, worst, since, blindStretches } = figure.value;
  const blind = blindStretches === 0 ? "" : `, without ${blindStretches} stretches whose return nobody knows`;
  return `${rate(current, 2)} below the peak, ${rate(worst, 2)} at worst, since ${isoTime(since)}${blind}`;
}

function changeLines(print: Printer, figure: Figure<BalanceExplanation>): readonly string[] {
  if (figure.kind === "unknown" || figure.value.changes.length === 0) return [];
  const { changes } = figure.value;
  const odd = changes.filter(({ unexplained }) => unexplained !== 0n);
  return ["", ...print.table(CHANGE_COLUMNS, changes), ...odd.map(unexplainedText)];
}

function warnOfUnreadableFills({ print }: CommandContext, figure: Figure<BalanceExplanation>): void {
  if (figure.kind === "unknown") return;
  for (const [symbol, fills] of figure.value.unreadable) {
    print.warn(`${symbol}: ${fills} fills are in no figure, because nobody knows the market's two assets any more.`);
  }
}

function balancesUnknown(): AppError {
  return new AppError({
    code: "BALANCES_UNKNOWN",
    message: "The balances of the account are not known.",
    notDone: "Nothing was changed.",
    hint: "Run `tapedeck doctor` to see the connection.",
    exitCode: EXIT_CODES.unavailable,
  });
}
