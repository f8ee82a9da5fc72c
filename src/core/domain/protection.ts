import type { ClientOrderId, MarketSymbol, Timestamp } from "./identifiers.ts";
import type { Price, Quantity, Ratio } from "./money.ts";
import type { OrderReason } from "./order.ts";

/** How much base a protection stands for. */
export type Coverage =
  | { readonly kind: "quantity"; readonly quantity: Quantity }
  /** Whatever is held at the moment a leg fires. */
  | { readonly kind: "holding" }
  /** What this buy order of ours has filled, less what the exchange kept of it as a fee. */
  | { readonly kind: "entry"; readonly clientOrderId: ClientOrderId };

/**
 * What is watched: `last` every public trade, `bid-ask` the best bid, at which a sale would really trade, `mark` the
 * middle of best bid and best ask while the book is live.
 */
export type TriggerSource = "last" | "bid-ask" | "mark";

/** How often, and for how long, a price must be seen beyond a level before it counts: one bad print never fires. */
export interface Confirmation {
  /** Successive observations beyond the level; at least 1. */
  readonly prints: number;
  /** Least time between the first and the last of them, ms. */
  readonly holdMs: number;
}

/** How an exit leaves: at any price, or immediate-or-cancel at a limit this far below what was observed. */
export type ExitStyle = { readonly kind: "market" } | { readonly kind: "limit"; readonly offset: Ratio };

/** A distance below the highest price seen: a part of it (0.02 is 2 %), or an amount of quote per base. */
export type TrailDistance =
  { readonly kind: "ratio"; readonly ratio: Ratio } | { readonly kind: "price"; readonly price: Price };

export type LegRule =
  /** Sells all that is covered when the price falls to the level. */
  | { readonly kind: "stop-loss"; readonly triggerPrice: Price }
  /** Sells a share of what was covered when the price rises to the level; a ladder has several. */
  | { readonly kind: "take-profit"; readonly triggerPrice: Price; readonly share: Ratio }
  /** A stop that follows the highest price seen since it was armed, or since the activation price was reached. */
  | { readonly kind: "trailing-stop"; readonly distance: TrailDistance; readonly activationPrice?: Price }
  /** Once the price has risen to the level, the stop moves to the entry price plus fees and this offset. */
  | {
      readonly kind: "break-even";
      readonly triggerPrice: Price;
      readonly offset: Ratio;
      /** The most that the sale is charged, as far as it was known when armed; else the market's own rate. */
      readonly saleRate?: Ratio;
    }
  /** Sells all that is covered at this time, whatever the price. */
  | { readonly kind: "time-stop"; readonly at: Timestamp };

/**
 * `live` watched for its trigger · `recovering` armed again after a gap, live once the price is back on the safe side ·
 * `asking` crossed while nobody watched, waits for a person · `exiting` fired, its exit is not finished · `done` it did
 * what it was for · `ended` without firing.
 */
export type LegState = "live" | "recovering" | "asking" | "exiting" | "done" | "ended";

/** One exit order a leg has sent. Its outcome is read from the order itself. */
export interface ExitAttempt {
  readonly exitOrderId: ClientOrderId;
  readonly quantity: Quantity;
  /** The price that was observed when it was decided. */
  readonly observedPrice: Price;
  readonly at: Timestamp;
}

/** A stop crossed while nobody watched. */
export interface GapQuestion {
  /** Since when nobody had watched. */
  readonly since: Timestamp;
  /** The worst price in that time, as far as the exchange still tells; absent when only the present price shows it. */
  readonly worstPrice?: Price;
  /** The price when it was asked; absent where none was known. */
  readonly seenPrice?: Price;
  readonly at: Timestamp;
}

export interface ProtectionLeg {
  /** Unique within its protection, e.g. "sl", "tp1". */
  readonly legId: string;
  readonly rule: LegRule;
  readonly state: LegState;
  /** Trailing: the highest price seen that is on disk. */
  readonly highest?: Price;
  /** Oldest first. Only the newest can be unproven. */
  readonly attempts: readonly ExitAttempt[];
  /** What the leg has to sell in all its attempts; fixed with the first. */
  readonly target?: Quantity;
  /** A person said to sell: where the price stands no longer matters. */
  readonly sellsAnyway?: true;
  readonly question?: GapQuestion;
  /** Why what is left cannot be sold at present. */
  readonly blocked?: OrderReason;
  /** It fired, and what it should sell is not there since then. */
  readonly missingSince?: Timestamp;
  /** Since when it has been selling: what was bought from then on is not its own. */
  readonly firedAt?: Timestamp;
  /**
   * A stop over all that is held: all that the protection sells, what it had sold before included. Fixed by the first
   * exit, as nothing tells what comes in later from what was there.
   */
  readonly ceiling?: Quantity;
}

/**
 * A sale by which a person closes the position, and what it takes of the base that a protection stands for. It counts from
 * the commit of its intent on, so that a stop never sells beside it; what it does not sell stays covered.
 */
export interface ClosingSale {
  readonly closeOrderId: ClientOrderId;
  /** What the order sells before: base that nothing stands for, or another protection does. */
  readonly after: Quantity;
  readonly quantity: Quantity;
}

/** What sells for us when a price or a time is reached. The exchange knows nothing of it. */
export interface Protection {
  readonly protectionId: string;
  readonly symbol: MarketSymbol;
  readonly coverage: Coverage;
  readonly legs: readonly ProtectionLeg[];
  readonly exit: ExitStyle;
  readonly trigger: TriggerSource;
  readonly confirmation: Confirmation;
  /** A resting sale of ours that shares the covered base: it is cancelled before a leg sells, and ends it when filled. */
  readonly linkedOrderId?: ClientOrderId;
  /** Oldest first; absent where nobody has closed the position. One that rests is cancelled before a leg sells. */
  readonly closes?: readonly ClosingSale[];
  /** What the covered base cost a unit, its fees included; break-even needs it. Of an entry, what is expected. */
  readonly entryPrice?: Price;
  readonly state: "armed" | "ended";
  /** Why it ended, in words. */
  readonly endedBecause?: string;
  /** Counts up with every change; the store takes a change only of the version it holds. */
  readonly version: number;
  readonly createdAt: Timestamp;
}

/** One bad print must not sell; two in a row are a price. */
export const DEFAULT_CONFIRMATION: Confirmation = { prints: 2, holdMs: 0 };

/** Legs that sell to end a loss, as opposed to taking a gain. */
export function isStopLeg(leg: Pick<ProtectionLeg, "rule">): boolean {
  return leg.rule.kind === "stop-loss" || leg.rule.kind === "trailing-stop" || leg.rule.kind === "time-stop";
}

/** May still do something: everything but `done` and `ended`. */
export function isLegOpen(leg: Pick<ProtectionLeg, "state">): boolean {
  return leg.state !== "done" && leg.state !== "ended";
}

/** Those that still watch; of one market, where one is named. */
export function armedAmong(protections: Iterable<Protection>, symbol?: MarketSymbol): Protection[] {
  return [...protections].filter((one) => one.state === "armed" && (symbol === undefined || one.symbol === symbol));
}

/** The sales that hold a part of its base and are none of its exits: its linked one, and what closes the position. */
export function heldBySales({
  linkedOrderId,
  closes = [],
}: Pick<Protection, "linkedOrderId" | "closes">): readonly ClientOrderId[] {
  return [...(linkedOrderId === undefined ? [] : [linkedOrderId]), ...closes.map(({ closeOrderId }) => closeOrderId)];
}

/** Every order that a protection speaks of: its entry, its linked sale, its exits, and what closed it. */
export function namedOrders(
  protection: Pick<Protection, "coverage" | "linkedOrderId" | "legs" | "closes">,
): readonly ClientOrderId[] {
  const { coverage } = protection;
  return [
    ...(coverage.kind === "entry" ? [coverage.clientOrderId] : []),
    ...heldBySales(protection),
    ...exitsOf(protection),
  ];
}

/** The orders that a guardian sent for it. */
export function exitsOf({ legs }: Pick<Protection, "legs">): readonly ClientOrderId[] {
  return legs.flatMap(({ attempts }) => attempts.map(({ exitOrderId }) => exitOrderId));
}
