import { AppError } from "../../core/domain/errors.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { ExchangeHealth } from "../../core/domain/exchange-health.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { Notional, Ratio } from "../../core/domain/money.ts";
import { isResting } from "../../core/domain/order.ts";
import type { OrderAction, TripFacts, TripLimits } from "../../core/domain/trip-facts.ts";
import { startOfDay } from "../../core/domain/trip-facts.ts";
import { findTrip } from "../../core/domain/trips.ts";
import { ERROR_WINDOW_MS } from "../../core/domain/trips/error-rate.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { TradingStateStore } from "../../core/ports/stores.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import { armedAmong } from "../../core/domain/protection.ts";

/** What the books know of the account's money; each may be unknown. */
export interface MoneyFigures {
  gainSince(from: Timestamp): Figure<{ readonly value: Notional; readonly since: Timestamp }>;
  drawdown(since: Timestamp): Figure<{ readonly current: Ratio; readonly peakAt: Timestamp }>;
}
type Figure<T> = { readonly kind: "known"; readonly value: T } | { readonly kind: "unknown"; readonly reason: string };

export interface TripWatch {
  /** Hears what happened to our orders. */
  note(events: readonly DomainEvent[]): void;
  /** Hears how a round of reconciling ended. */
  noteReconcile(hasSucceeded: boolean): void;
  /** Looks at all figures; tightens trading when one is beyond its limit. Call it every few seconds. */
  look(): void;
}

export interface TripWatchParts {
  readonly context: Pick<TradingContext, "clock" | "ledger" | "publish">;
  readonly stored: TradingStateStore;
  readonly limits: TripLimits;
  readonly health: () => ExchangeHealth;
  readonly money: MoneyFigures | undefined;
  readonly logger: Logger;
  /** Tells the person at the screen. */
  readonly warn: (text: string) => void;
}

/** A first sample and the next one to compare with it take so long. */
const MONEY_PATIENCE_MS = 11 * 60_000;

/** Gathers what the trips look at while a session runs, and publishes the trip with its figures. */
export function createTripWatch(parts: TripWatchParts): TripWatch {
  const { context, stored, limits, health, money, logger } = parts;
  const { clock } = context;
  const startedAt = clock.now();
  let actions: OrderAction[] = [];
  let failures: Timestamp[] = [];
  /** By the monotonic clock: the other one is what is wrong. */
  let beyondSince: number | undefined;
  const blindSince = new Map<string, Timestamp>();
  const toldBlind = new Set<string>();

  /** A trip that the trader counts on and that cannot judge is said, once, until it can again. */
  function judge<T>(what: string, figure: Figure<T>): T | undefined {
    if (figure.kind === "known") {
      blindSince.delete(what);
      toldBlind.delete(what);
      return figure.value;
    }
    const since = blindSince.get(what) ?? clock.now();
    blindSince.set(what, since);
    if (clock.now() - since >= MONEY_PATIENCE_MS && !toldBlind.has(what)) {
      toldBlind.add(what);
      parts.warn(`The trip on the ${what} cannot judge: ${figure.reason}.`);
    }
    return undefined;
  }

  function gatherFacts(resumedAt: Timestamp): TripFacts {
    const now = clock.now();
    const { marketDataAgeMs, clock: measured, largestOffsetMs } = health();
    const { orders, protections } = context.ledger();
    // While it is being measured anew nothing is known, and nothing has ended.
    if (measured !== undefined) {
      const isBeyond = Math.abs(measured.offsetMs) > largestOffsetMs;
      beyondSince = isBeyond ? (beyondSince ?? clock.monotonic()) : undefined;
    }
    const failed = failures.filter((at) => at > resumedAt);
    const isNeeded = [...orders.values()].some(isResting) || armedAmong(protections.values()).length > 0;
    return {
      now,
      resumedAt,
      // Both go over every sample there is, so only whoever needs them pays for them.
      gain:
        limits.dailyLoss === undefined
          ? undefined
          : judge("day's loss", money?.gainSince(Math.max(startOfDay(now), resumedAt)) ?? NO_BOOKS),
      drawdown: limits.drawdown === undefined ? undefined : judge("drawdown", money?.drawdown(resumedAt) ?? NO_BOOKS),
      orderActions: actions,
      marketData: { newestAt: marketDataAgeMs === undefined ? startedAt : now - marketDataAgeMs, isNeeded },
      clock:
        measured === undefined
          ? undefined
          : { offsetMs: measured.offsetMs, largestOffsetMs, beyondSince: asTime(beyondSince) },
      reconcile: { failures: failed.length, since: failed[0] },
    };
  }

  function asTime(monotonic: number | undefined): Timestamp | undefined {
    return monotonic === undefined ? undefined : clock.now() - (clock.monotonic() - monotonic);
  }

  return {
    note(events) {
      const at = clock.now();
      const fresh = events.flatMap((event) => {
        const isTrouble = TROUBLE.get(event.type);
        return isTrouble === undefined ? [] : [{ at, isTrouble }];
      });
      if (fresh.length > 0) actions = [...actions.filter((action) => action.at > at - ERROR_WINDOW_MS), ...fresh];
    },
    noteReconcile(hasSucceeded) {
      failures = hasSucceeded ? [] : [...failures, clock.now()];
    },
    look() {
      const record = stored.read();
      // It trips once: what has tightened stays so until a person resumes.
      if (record.state.kind !== "active" || context.ledger().heldState.kind !== "active") return;
      const trip = findTrip(gatherFacts(record.at ?? 0), limits);
      if (trip === undefined) return;
      const state = { kind: limits.becomes, reason: trip.reason };
      try {
        context.publish([{ type: "trading-state-changed", state, by: trip.name, evidence: trip.evidence }]);
      } catch (cause) {
        // Another process was first, or the disk takes nothing; the next look finds out.
        if (!(cause instanceof AppError)) throw cause;
        logger.warn("a trip could not be written", { trip: trip.name, code: cause.code });
      }
    },
  };
}

/** Which outcomes were told, and which were not. */
const TROUBLE: ReadonlyMap<DomainEvent["type"], boolean> = new Map<DomainEvent["type"], boolean>([
  ["order-accepted", false],
  ["order-rejected", false],
  ["order-not-sent", true],
  ["order-outcome-unknown", true],
  ["cancel-accepted", false],
  ["cancel-rejected", false],
  ["cancel-outcome-unknown", true],
]);

const NO_BOOKS = { kind: "unknown", reason: "no books are kept of this account" } as const;
