import type { App } from "../../app/app.ts";
import type { ExplainedFill } from "../../app/portfolio-books.ts";
import type { Figure } from "../../core/domain/equity-history.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { CommandContext } from "../define-command.ts";
import { isoTime, timeOrNull } from "../output/iso-time.ts";
import { EXPLAINED_FILL_COLUMNS, explainedFillJson } from "./figures-json.ts";
import { missingFills, missingFillsJson, warnOfMissingFills } from "./missing-fills.ts";

export const WHYS = ["equity", "today", "drawdown", "balances"] as const;
export type Why = (typeof WHYS)[number];

/** The fills behind a figure of the account: all that happened from the moment on that the figure is counted from. */
export function printWhy(context: CommandContext, app: App, why: Why, stored: boolean): void {
  const { print } = context;
  const since = sinceOf(app, why);
  const items = since.kind === "known" ? fillsSince(app, since.value) : [];
  const holes = missingFills(app, since.kind === "known" ? { since: since.value } : {});
  const unknown = since.kind === "known" ? null : since.reason;
  print.list({
    schema: "tapedeck.portfolio-fills/1",
    itemSchema: "tapedeck.portfolio-fill/1",
    key: "fills",
    items,
    about: {
      figure: why,
      since: timeOrNull(since.kind === "known" ? since.value : undefined),
      unknown,
      stored,
      ...missingFillsJson(holes),
    },
    json: explainedFillJson,
    columns: EXPLAINED_FILL_COLUMNS,
    empty: unknown === null ? "No fill made it: prices and transfers alone did." : `It is unknown: ${unknown}.`,
  });
  if (since.kind === "known" && items.length > 0)
    print.progress(`The fills behind ${why}, since ${isoTime(since.value)}; the rest of it is prices and transfers.`);
  warnOfMissingFills(context, holes);
}

/** From when on a figure counts. */
function sinceOf({ portfolio }: App, why: Why): Figure<Timestamp> {
  switch (why) {
    case "equity":
      return { kind: "known", value: 0 };
    case "today":
      return sinceFigure(portfolio.gainToday(), ({ since }) => since);
    case "drawdown":
      return sinceFigure(portfolio.drawdown(0), ({ peakAt, worstAt }) => Math.min(peakAt, worstAt));
    case "balances":
      return sinceFigure(portfolio.explanation(), ({ since }) => since);
  }
}

function sinceFigure<T>(figure: Figure<T>, since: (value: T) => Timestamp): Figure<Timestamp> {
  return figure.kind === "known" ? { kind: "known", value: since(figure.value) } : figure;
}

/** Of every market, oldest first, each with what it did by the usual way to count lots. */
export function fillsSince({ portfolio }: App, since: Timestamp): readonly ExplainedFill[] {
  const method = portfolio.usualMethod;
  return portfolio
    .positions(method)
    .flatMap(({ position }) => portfolio.why(position.symbol, method))
    .filter(({ fill }) => fill.at >= since)
    .toSorted((left, right) => left.fill.at - right.fill.at);
}
