import type { App } from "../../app/app.ts";
import type { PositionReport } from "../../app/portfolio-books.ts";
import type { Asset, MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Notional } from "../../core/domain/money.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { RoundTrip } from "../../core/domain/round-trip.ts";
import { resultOf } from "../../core/domain/round-trip.ts";
import { amountOrNull } from "../output/amounts.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";
import { signed } from "./figures-json.ts";

/** A closed round trip with its number in its market, which its fills bear, too. */
export interface TripRow {
  readonly symbol: MarketSymbol;
  readonly quote: Asset;
  readonly number: number;
  readonly trip: RoundTrip;
  /** Undefined when base of unknown cost was sold in it, or a fee has no price. */
  readonly result: Notional | undefined;
}

/** What win rate and profit factor are made of, the oldest of each market first. */
export function tripRows(app: App, reports: readonly PositionReport[]): readonly TripRow[] {
  return reports.flatMap(({ position: { symbol, quote, roundTrips } }) => {
    const feeValue = app.portfolio.feeValue(quote);
    return roundTrips.map((trip, at) => ({ symbol, quote, number: at + 1, trip, result: resultOf(trip, feeValue) }));
  });
}

export function tripJson({ symbol, quote, number, trip, result }: TripRow) {
  return {
    symbol,
    quote,
    roundTrip: number,
    openedAt: isoTime(trip.openedAt),
    closedAt: isoTime(trip.closedAt),
    openingFill: trip.opening,
    closingFill: trip.closing,
    fills: trip.fills,
    result: amountOrNull(result),
    outcome: outcomeOf(result),
    uncovered: formatMoney(trip.uncovered),
  };
}

function outcomeOf(result: Notional | undefined): "unknown" | "win" | "loss" | "even" {
  if (result === undefined) return "unknown";
  return result === 0n ? "even" : result > 0n ? "win" : "loss";
}

export const TRIP_COLUMNS: readonly Column<TripRow>[] = [
  { title: "MARKET", value: ({ symbol }) => symbol },
  { title: "TRIP", value: ({ number }) => String(number), align: "right" },
  { title: "OPENED", value: ({ trip }) => isoTime(trip.openedAt), optional: 1 },
  { title: "CLOSED", value: ({ trip }) => isoTime(trip.closedAt) },
  { title: "FILLS", value: ({ trip }) => String(trip.fills), align: "right", optional: 2 },
  {
    title: "RESULT",
    value: ({ result, quote }) => (result === undefined ? undefined : `${signed(result)} ${quote}`),
    align: "right",
  },
  { title: "OUTCOME", value: ({ result }) => outcomeOf(result) },
];
