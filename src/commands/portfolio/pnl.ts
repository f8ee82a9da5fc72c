import type { App } from "../../app/app.ts";
import type { PositionReport } from "../../app/portfolio-books.ts";
import type { Asset } from "../../core/domain/identifiers.ts";
import type { Notional, Quantity } from "../../core/domain/money.ts";
import { add, formatMoney, ZERO_NOTIONAL, ZERO_QUANTITY } from "../../core/domain/money.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import type { RoundTripFigures } from "../../core/domain/round-trip.ts";
import { measureRoundTrips } from "../../core/domain/round-trip.ts";
import { defineCommand } from "../define-command.ts";
import { amountOrNull, rate } from "../output/amounts.ts";
import type { Column } from "../output/table.ts";
import { readWord } from "../parse/read-word.ts";
import { realisedText } from "../position/position-json.ts";
import { usageError } from "../usage-error.ts";
import { amountsJson, EXPLAINED_FILL_COLUMNS, explainedFillJson, signed, withWithout } from "./figures-json.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "./missing-fills.ts";
import { endWith, METHOD_OPTION, methodName, methodOf, refreshBooks, warnOfUnreadable } from "./read-books.ts";
import { TRIP_COLUMNS, tripJson, tripRows } from "./round-trip-view.ts";

interface Row {
  readonly report: PositionReport;
  readonly trips: RoundTripFigures;
}

/** What all markets of one quote asset made. */
interface Total {
  readonly quote: Asset;
  readonly realised: Notional;
  readonly without: ReadonlyMap<Asset, Quantity>;
  /** Undefined when a market's price is missing. */
  readonly unrealised: Notional | undefined;
  readonly trips: RoundTripFigures;
}

export const portfolioPnl = defineCommand({
  path: ["portfolio", "pnl"],
  summary: "Show profit and loss by market, with win rate and profit factor of the closed round trips.",
  details: [
    "Realised is net of fees in quote and base, and of fees in other assets where they have a price; otherwise it says",
    "without which fees it stands. Unrealised is net of the fees that were paid, before those of selling. Totals are by",
    "quote asset, and unknown when one price is missing. A round trip goes from nothing held to nothing that can be sold.",
    "Fills that the exchange no longer lists and nobody here saw are in no figure: each such hole is said, and in JSON.",
    'JSON: {"schema":"tapedeck.pnl/1",…,"totals":[…],"markets":[…],"holes":[…]}; with --why {"schema":"tapedeck.pnl-fills/1",…,"fills":[…]}.',
  ],
  examples: [
    { line: "tapedeck portfolio pnl", what: "every market that was ever traded" },
    { line: "tapedeck portfolio pnl --symbol BTCUSDT --why", what: "the fills that make its figures" },
    { line: "tapedeck portfolio pnl --trips", what: "the round trips that make win rate and profit factor" },
    { line: "tapedeck portfolio pnl --method average -o csv", what: "at average cost, for a spreadsheet" },
  ],
  options: [
    { flags: "--symbol SYMBOL", what: "only this market" },
    METHOD_OPTION,
    { flags: "--why", what: "list the fills behind the figures, each with what it realised and its round trip" },
    { flags: "--trips", what: "list the closed round trips behind win rate and profit factor, each with its result" },
  ],
  next: "tapedeck position show SYMBOL --why",
  run: (context) =>
    context.withApp(async (app) => {
      const { options, print } = context;
      if (options.has("why") && options.has("trips")) throw usageError("--why excludes --trips.", "Give one of them.");
      const word = options.text("symbol");
      const symbol = word === undefined ? undefined : symbolOf(readWord(word, "market"));
      const method = methodOf(context, app);
      const unasked = await refreshBooks(context, app);
      const reports = app.portfolio
        .positions(method)
        .filter(({ position }) => symbol === undefined || position.symbol === symbol);
      const holes = missingFills(app, { symbol });
      const about = { method: methodName(method), stored: unasked !== undefined, ...missingFillsJson(holes) };
      if (options.has("why")) {
        print.list({
          schema: "tapedeck.pnl-fills/1",
          itemSchema: "tapedeck.pnl-fill/1",
          key: "fills",
          items: reports.flatMap(({ position }) => app.portfolio.why(position.symbol, method)),
          about,
          json: explainedFillJson,
          columns: EXPLAINED_FILL_COLUMNS,
          empty: "There is no fill.",
        });
      } else if (options.has("trips")) {
        print.list({
          schema: "tapedeck.round-trips/1",
          itemSchema: "tapedeck.round-trip/1",
          key: "roundTrips",
          items: tripRows(app, reports),
          about,
          json: tripJson,
          columns: TRIP_COLUMNS,
          empty: "No round trip is closed.",
        });
      } else {
        const items = reports.map((report): Row => ({ report, trips: tripsOf(app, [report], report.position.quote) }));
        const totals = totalsOf(app, reports);
        print.list({
          schema: "tapedeck.pnl/1",
          itemSchema: "tapedeck.pnl-market/1",
          key: "markets",
          items,
          about: { ...about, totals: totals.map(totalJson) },
          json: rowJson,
          csv: rowCsv,
          columns: COLUMNS,
          empty: "Nothing has been traded.",
        });
        if (print.format === "table") for (const total of totals) print.line(totalText(total));
      }
      warnOfUnreadable(context, app);
      warnOfMissingFills(context, holes);
      return endWith(context, unasked);
    }),
});

function tripsOf(app: App, reports: readonly PositionReport[], quote: Asset): RoundTripFigures {
  const trips = reports.flatMap(({ position }) => position.roundTrips);
  return measureRoundTrips(trips, app.portfolio.feeValue(quote));
}

function totalsOf(app: App, reports: readonly PositionReport[]): readonly Total[] {
  const quotes = [...new Set(reports.map(({ position }) => position.quote))].sort();
  return quotes.map((quote) => {
    const own = reports.filter(({ position }) => position.quote === quote);
    const without = new Map<Asset, Quantity>();
    let realised = ZERO_NOTIONAL;
    // Fills that cannot be counted may be of this quote asset.
    let unrealised: Notional | undefined = app.portfolio.unreadable().size === 0 ? ZERO_NOTIONAL : undefined;
    for (const { position, value } of own) {
      realised = add(realised, value.realised);
      for (const [asset, fees] of value.without) without.set(asset, add(without.get(asset) ?? ZERO_QUANTITY, fees));
      // What is not held is worth nothing at any price.
      const open: Notional | undefined = position.quantity === 0n ? ZERO_NOTIONAL : value.unrealised;
      unrealised = unrealised === undefined || open === undefined ? undefined : add(unrealised, open);
    }
    return { quote, realised, without, unrealised, trips: tripsOf(app, own, quote) };
  });
}

function rowJson({ report: { position, value }, trips }: Row) {
  return {
    symbol: position.symbol,
    quote: position.quote,
    realised: formatMoney(value.realised),
    withoutFees: amountsJson(value.without),
    unrealised: amountOrNull(value.unrealised),
    quantity: formatMoney(position.quantity),
    uncovered: formatMoney(position.uncovered),
    fills: position.fills,
    roundTrips: tripsJson(trips),
  };
}

function rowCsv(row: Row): object {
  const { withoutFees, ...json } = rowJson(row);
  return { ...json, withoutFees: withoutFees.map(({ asset, quantity }) => `${quantity} ${asset}`).join(" ") };
}

function totalJson({ quote, realised, without, unrealised, trips }: Total) {
  return {
    quote,
    realised: formatMoney(realised),
    withoutFees: amountsJson(without),
    unrealised: amountOrNull(unrealised),
    roundTrips: tripsJson(trips),
  };
}

function tripsJson(trips: RoundTripFigures) {
  return {
    closed: trips.closed,
    wins: trips.wins,
    losses: trips.losses,
    even: trips.even,
    unknown: trips.unknown,
    winRate: amountOrNull(trips.winRate),
    profitFactor: amountOrNull(trips.profitFactor),
  };
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "SYMBOL", value: ({ report }) => report.position.symbol },
  { title: "REALISED", value: ({ report }) => realisedText(report), align: "right" },
  {
    title: "UNREALISED",
    value: ({ report: { value } }) => (value.unrealised === undefined ? undefined : signed(value.unrealised)),
    align: "right",
  },
  { title: "ROUND TRIPS", value: ({ trips }) => tripsText(trips), align: "right" },
  { title: "WIN RATE", value: ({ trips }) => winRateText(trips), align: "right" },
  { title: "PROFIT FACTOR", value: ({ trips }) => profitFactorText(trips), align: "right" },
];

function tripsText({ closed, unknown }: RoundTripFigures): string {
  return unknown === 0 ? String(closed) : `${closed}, ${unknown} of unknown result`;
}

function winRateText({ winRate }: RoundTripFigures): string | undefined {
  return winRate === undefined ? undefined : rate(winRate, 1);
}

function profitFactorText({ profitFactor }: RoundTripFigures): string | undefined {
  return profitFactor === undefined ? undefined : formatMoney(profitFactor, 2);
}

function totalText({ quote, realised, without, unrealised, trips }: Total): string {
  const open =
    unrealised === undefined
      ? "unrealised unknown, a price or a market's rules are missing"
      : `unrealised ${signed(unrealised)}`;
  const won = winRateText(trips) ?? "—";
  const factor = profitFactorText(trips) ?? "—";
  return (
    `${quote}: realised ${withWithout(signed(realised), without)}, ${open}; ` +
    `round trips ${tripsText(trips)}, win rate ${won}, profit factor ${factor}`
  );
}
