import type { Asset, Timestamp, TradeId } from "./identifiers.ts";
import type { Instrument } from "./instrument.ts";
import { quantizeQuantity } from "./instrument.ts";
import type { Closing, Execution } from "./lots.ts";
import type { Notional, Quantity, Ratio } from "./money.ts";
import { add, averagePrice, notionalOf, ratioOf, subtract, ZERO_NOTIONAL, ZERO_QUANTITY } from "./money.ts";

/** From nothing held in a market to nothing that can be sold. */
export interface RoundTrip {
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp;
  /** Its first fill and its last. */
  readonly opening: TradeId;
  readonly closing: TradeId;
  readonly fills: number;
  /** In quote, net of fees in quote and base. */
  readonly realised: Notional;
  /** Base sold in it at an unknown cost: then its result is not known either. */
  readonly uncovered: Quantity;
  readonly feesElsewhere: ReadonlyMap<Asset, Quantity>;
}

export interface RoundTripLog {
  /** Notes a fill. @param held how much base is held after it. */
  note(fill: Execution, closing: Closing | undefined, held: Quantity): void;
  /** Those that have ended, oldest first; a copy. */
  closed(): readonly RoundTrip[];
}

/** What of a market's rules says that something cannot be sold. */
export type SmallestOrder = Pick<Instrument, "base" | "quote" | "stepSize" | "minQuantity" | "minNotional">;

/**
 * @param rules without them (a market that is gone) a trip ends only at exactly nothing; with them, also at a rest too
 * small to be sold, since fees in base nearly always leave one. Its cost stays with it.
 */
export function createRoundTripLog(market: Pick<SmallestOrder, "base" | "quote">, rules?: SmallestOrder): RoundTripLog {
  const trips: RoundTrip[] = [];
  let open: (Omit<RoundTrip, "feesElsewhere"> & { readonly feesElsewhere: Map<Asset, Quantity> }) | undefined;

  return {
    note(fill, closing, held) {
      // A sale with nothing open sold base from before; it begins no trip.
      if (open === undefined && closing !== undefined) return;
      open ??= {
        openedAt: fill.at,
        closedAt: fill.at,
        opening: fill.tradeId,
        closing: fill.tradeId,
        fills: 0,
        realised: ZERO_NOTIONAL,
        uncovered: ZERO_QUANTITY,
        feesElsewhere: new Map(),
      };
      const { asset, quantity } = fill.fee;
      if (asset !== market.base && asset !== market.quote && quantity !== 0n) {
        open.feesElsewhere.set(asset, add(open.feesElsewhere.get(asset) ?? ZERO_QUANTITY, quantity));
      }
      open = {
        ...open,
        closedAt: fill.at,
        closing: fill.tradeId,
        fills: open.fills + 1,
        realised: add(open.realised, closing?.realised ?? ZERO_NOTIONAL),
        uncovered: add(open.uncovered, closing?.uncovered ?? ZERO_QUANTITY),
      };
      if (closing === undefined || !cannotBeSold(held, fill, rules)) return;
      trips.push(open);
      open = undefined;
    },
    closed: () => [...trips],
  };
}

function cannotBeSold(held: Quantity, { notional, quantity }: Execution, rules: SmallestOrder | undefined): boolean {
  if (held === 0n || rules === undefined || quantity === 0n) return held === 0n;
  const sellable = quantizeQuantity(rules, held);
  if (sellable === 0n || sellable < rules.minQuantity) return true;
  return notionalOf(averagePrice(notional, quantity, "up"), sellable, "up") < rules.minNotional;
}

/** How the closed round trips of one quote asset went. */
export interface RoundTripFigures {
  readonly closed: number;
  readonly wins: number;
  readonly losses: number;
  /** Neither gained nor lost a unit. */
  readonly even: number;
  /** Closed, with a result nobody can know: base of unknown cost, or a fee without a price. */
  readonly unknown: number;
  readonly grossProfit: Notional;
  readonly grossLoss: Notional;
  /** Wins among the trips whose result is known. Undefined without any. */
  readonly winRate: Ratio | undefined;
  /** Gross profit ÷ gross loss. Undefined while nothing was lost. */
  readonly profitFactor: Ratio | undefined;
}

/** @param feeValue what a fee in another asset is worth in quote; undefined when nobody knows. */
export function measureRoundTrips(
  trips: readonly RoundTrip[],
  feeValue: (asset: Asset, quantity: Quantity) => Notional | undefined,
): RoundTripFigures {
  let [wins, losses, even, unknown] = [0, 0, 0, 0];
  let grossProfit = ZERO_NOTIONAL;
  let grossLoss = ZERO_NOTIONAL;
  for (const trip of trips) {
    const result = resultOf(trip, feeValue);
    if (result === undefined) unknown += 1;
    else if (result === 0n) even += 1;
    else if (result > 0n) {
      wins += 1;
      grossProfit = add(grossProfit, result);
    } else {
      losses += 1;
      grossLoss = subtract(grossLoss, result);
    }
  }
  const known = wins + losses + even;
  return {
    closed: trips.length,
    wins,
    losses,
    even,
    unknown,
    grossProfit,
    grossLoss,
    winRate: known === 0 ? undefined : ratioOf(BigInt(wins) as Quantity, BigInt(known) as Quantity, "half-even"),
    profitFactor: grossLoss === 0n ? undefined : ratioOf(grossProfit, grossLoss, "half-even"),
  };
}

/** What a trip gained, every fee counted. Undefined when a part of it is not known. */
export function resultOf(
  trip: RoundTrip,
  feeValue: (asset: Asset, quantity: Quantity) => Notional | undefined,
): Notional | undefined {
  if (trip.uncovered > 0n) return undefined;
  let result = trip.realised;
  for (const [asset, quantity] of trip.feesElsewhere) {
    const value = feeValue(asset, quantity);
    if (value === undefined) return undefined;
    result = subtract(result, value);
  }
  return result;
}
