import type { PositionReport } from "../../app/portfolio-books.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { formatMoney, subtract } from "../../core/domain/money.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { defineCommand } from "../define-command.ts";
import { amountOrNull } from "../output/amounts.ts";
import { readWord } from "../parse/read-word.ts";
import { EXPLAINED_FILL_COLUMNS, explainedFillJson, signed } from "../portfolio/figures-json.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "../portfolio/missing-fills.ts";
import {
  endWith,
  METHOD_OPTION,
  methodName,
  methodOf,
  refreshBooks,
  warnOfUnreadable,
} from "../portfolio/read-books.ts";
import { positionJson, protectionText, realisedText } from "./position-json.ts";

export const positionShow = defineCommand({
  path: ["position", "show"],
  summary: "Show what is held in one market, and with --why every fill behind it.",
  details: [
    "What the fills show and what the exchange holds can differ: base that was deposited, bought in another market or",
    "paid as a fee elsewhere is in the balance and not in the position. Both are shown.",
    'JSON: one {"schema":"tapedeck.position/1",…}; with --why its "why" lists the fills, each sale with the lots it closed.',
  ],
  examples: [
    { line: "tapedeck position show BTCUSDT", what: "quantity, cost, profit and protection" },
    { line: "tapedeck position show BTCUSDT --why", what: "the fills that make these figures" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market" }],
  options: [{ flags: "--why", what: "list the fills behind the figures" }, METHOD_OPTION],
  next: "tapedeck portfolio show",
  run: (context) =>
    context.withApp(async (app) => {
      const { args, options, print } = context;
      const symbol = symbolOf(readWord(args[0], "market"));
      const method = methodOf(context, app);
      const unasked = await refreshBooks(context, app);
      const report = app.portfolio.position(symbol, method);
      if (report === undefined) {
        warnOfUnreadable(context, app);
        throw unasked ?? positionUnknown(symbol);
      }
      const holes = missingFills(app, { symbol });
      const why = options.has("why") ? app.portfolio.why(symbol, method) : undefined;
      print.record({
        schema: "tapedeck.position/1",
        json: {
          ...positionJson(app, report),
          stored: unasked !== undefined,
          ...missingFillsJson(holes),
          ...(why === undefined ? {} : { why: why.map(explainedFillJson) }),
        },
        fields: fieldsOf(report),
        ...(why === undefined ? {} : { below: ["", ...print.table(EXPLAINED_FILL_COLUMNS, why)] }),
      });
      warnOfMissingFills(context, holes);
      return endWith(context, unasked);
    }),
});

function fieldsOf(report: PositionReport): readonly (readonly [string, string | null | undefined])[] {
  const { position, price, value, protection } = report;
  const { base, quote } = position;
  const inQuote = (text: string | null | undefined) => (text == null ? undefined : `${text} ${quote}`);
  return [
    ["market", position.symbol],
    ["held", `${formatMoney(position.quantity)} ${base} by the fills`],
    ["balance", balanceText(report)],
    ["cost", `${formatMoney(position.cost)} ${quote} (${methodName(position.method)})`],
    ["average cost", inQuote(amountOrNull(position.averageCost))],
    ["price", inQuote(amountOrNull(price?.price))],
    ["value", inQuote(amountOrNull(value.value))],
    ["unrealised", inQuote(value.unrealised === undefined ? undefined : signed(value.unrealised))],
    ["realised", `${realisedText(report)} (${quote})`],
    ["fills", `${position.fills}, of ${position.roundTrips.length} closed round trips`],
    ["protection", [protectionText(report), ...protection.reasons].join(" · ")],
  ];
}

function balanceText({ position, balance }: PositionReport): string | undefined {
  if (balance === undefined) return undefined;
  const total = totalOf(balance);
  const rest = subtract(total, position.quantity);
  const more = rest === 0n ? "" : `, ${signed(rest)} beside these fills`;
  return `${formatMoney(total)} ${position.base} at the exchange${more}`;
}

function positionUnknown(symbol: string): AppError {
  return new AppError({
    code: "POSITION_NOT_FOUND",
    message: `No fill in ${symbol} is known.`,
    notDone: "Nothing was changed.",
    hint: "See `tapedeck position ls --all`, or `tapedeck portfolio show` for what is held from elsewhere.",
    exitCode: EXIT_CODES.failure,
  });
}
