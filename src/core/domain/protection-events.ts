import type { ClientOrderId } from "./identifiers.ts";
import type { Timestamp } from "./identifiers.ts";
import type { Price, Quantity } from "./money.ts";
import type { OrderReason } from "./order.ts";
import type { ClosingSale, GapQuestion, LegState, Protection, ProtectionLeg } from "./protection.ts";
import { isLegOpen } from "./protection.ts";

/** How a person answers a stop that was crossed while nobody watched. */
export type GapAnswer = "sell-now" | "re-arm" | "ignore";

/** Everything that can happen to a protection. */
export type ProtectionEvent =
  | { readonly type: "protection-armed"; readonly protection: Protection }
  | { readonly type: "protection-disarmed"; readonly protectionId: string; readonly why: string }
  /** Nothing is left to do: all was sold, or what it covered is gone. */
  | { readonly type: "protection-ended"; readonly protectionId: string; readonly why: string }
  /** A trailing stop follows. Not told for every print: see `decide`. */
  | { readonly type: "highest-moved"; readonly protectionId: string; readonly legId: string; readonly highest: Price }
  /** Break-even reached: the stop-loss leg stands at this level from now on. */
  | { readonly type: "stop-moved"; readonly protectionId: string; readonly legId: string; readonly triggerPrice: Price }
  /** Committed together with the intent of the exit, so that there is never one without the other. */
  | {
      readonly type: "exit-attempted";
      readonly protectionId: string;
      readonly legId: string;
      readonly exitOrderId: ClientOrderId;
      readonly quantity: Quantity;
      /** What the leg has to sell in all: the first attempt fixes it. */
      readonly target: Quantity;
      /** Of a stop over all that is held: what the protection sells in all. The first attempt fixes it. */
      readonly ceiling?: Quantity;
      readonly observedPrice: Price;
    }
  /**
   * A person closes the position by this order. Committed together with its intent, and only at the version that the sale
   * was planned from: so a stop and a close, or two closes, never sell the same base.
   */
  | { readonly type: "close-attempted"; readonly protectionId: string; readonly sale: ClosingSale }
  /** It fired, and another order has to end before anything can be sold: from here on it sells, whatever the price does. */
  | { readonly type: "leg-fired"; readonly protectionId: string; readonly legId: string }
  | {
      readonly type: "exit-blocked";
      readonly protectionId: string;
      readonly legId: string;
      readonly reason: OrderReason;
    }
  | {
      readonly type: "leg-ended";
      readonly protectionId: string;
      readonly legId: string;
      readonly outcome: "done" | "ended";
      readonly why: string;
    }
  /** Armed again after a gap, or held up before it could sell, and the price is back on the safe side. */
  | { readonly type: "leg-recovered"; readonly protectionId: string; readonly legId: string }
  | {
      readonly type: "question-asked";
      readonly protectionId: string;
      readonly legId: string;
      readonly question: GapQuestion;
    }
  | {
      readonly type: "question-answered";
      readonly protectionId: string;
      readonly legId: string;
      readonly answer: GapAnswer;
    };

export interface ProtectionTransition {
  readonly protection: Protection;
  readonly anomaly?: string;
}

/** Applies anything but the arming, which makes the protection. Never throws; what has no place is an anomaly. */
export function applyProtectionEvent(
  protection: Protection,
  event: Exclude<ProtectionEvent, { type: "protection-armed" }>,
  at: Timestamp,
): ProtectionTransition {
  if (protection.state === "ended") {
    return { protection, anomaly: `${event.type} for protection ${protection.protectionId}, which has ended` };
  }
  switch (event.type) {
    case "protection-disarmed":
    case "protection-ended":
      return { protection: ended(protection, event.why) };
    case "highest-moved":
      return onLeg(protection, event.legId, (leg) => ({ ...leg, highest: event.highest }));
    case "stop-moved":
      return { protection: withStopAt(protection, event.legId, event.triggerPrice) };
    case "exit-attempted":
      return onLeg(protection, event.legId, (leg) => {
        const { exitOrderId, quantity, observedPrice } = event;
        const attempts = [...leg.attempts, { exitOrderId, quantity, observedPrice, at }];
        const ceiling = leg.ceiling ?? event.ceiling;
        return {
          ...fired(leg, at),
          attempts,
          target: leg.target ?? event.target,
          ...(ceiling === undefined ? {} : { ceiling }),
        };
      });
    case "close-attempted": {
      const closes = [...(protection.closes ?? []), event.sale];
      return { protection: { ...protection, closes, version: protection.version + 1 } };
    }
    case "leg-fired":
      return onLeg(protection, event.legId, (leg) => fired(leg, at));
    case "exit-blocked":
      return onLeg(protection, event.legId, (leg) => heldUp(leg, event.reason, at));
    case "leg-ended":
      return onLeg(protection, event.legId, (leg) => inState(leg, event.outcome));
    case "leg-recovered":
      return onLeg(protection, event.legId, liveAgain);
    case "question-asked":
      return onLeg(protection, event.legId, (leg) => ({ ...leg, state: "asking", question: event.question }));
    case "question-answered":
      return onLeg(protection, event.legId, (leg) =>
        leg.state === "asking" && answersTo(leg).includes(event.answer) ? answered(leg, event.answer, at) : undefined,
      );
  }
}

const STATE_AFTER: Readonly<Record<Exclude<GapAnswer, "sell-now">, LegState>> = {
  "re-arm": "recovering",
  ignore: "ended",
};

/** A time that has passed does not come back: there is nothing to arm again. */
export function answersTo({ rule }: Pick<ProtectionLeg, "rule">): readonly GapAnswer[] {
  return rule.kind === "time-stop" ? ["sell-now", "ignore"] : ["sell-now", "re-arm", "ignore"];
}

function answered(leg: ProtectionLeg, answer: GapAnswer, at: Timestamp): ProtectionLeg {
  return answer === "sell-now" ? { ...fired(leg, at), sellsAnyway: true } : inState(leg, STATE_AFTER[answer]);
}

function fired(leg: ProtectionLeg, at: Timestamp): ProtectionLeg {
  return { ...inState(leg, "exiting"), firedAt: leg.firedAt ?? at };
}

/** What it sells is counted anew when it fires again. */
function liveAgain(leg: ProtectionLeg): ProtectionLeg {
  const { firedAt: _firedAt, ceiling: _ceiling, ...rest } = inState(leg, "live");
  return rest;
}

function onLeg(
  protection: Protection,
  legId: string,
  change: (leg: ProtectionLeg) => ProtectionLeg | undefined,
): ProtectionTransition {
  const leg = protection.legs.find((one) => one.legId === legId);
  const changed = leg === undefined || !isLegOpen(leg) ? undefined : change(leg);
  if (changed === undefined) {
    return { protection, anomaly: `leg ${legId} of protection ${protection.protectionId} cannot change any more` };
  }
  const legs = protection.legs.map((one) => (one.legId === legId ? changed : one));
  return { protection: { ...protection, legs, version: protection.version + 1 } };
}

/** Since when the base is missing is kept while that goes on, whatever the reason is called by then. */
function heldUp(leg: ProtectionLeg, reason: OrderReason, at: Timestamp): ProtectionLeg {
  const { missingSince = at, firedAt = at, ...rest } = leg;
  const blocked = { ...rest, state: "exiting", firedAt, blocked: reason } as const;
  return reason.code === "BASE_MISSING" || reason.code === "BASE_GONE" ? { ...blocked, missingSince } : blocked;
}

function inState(leg: ProtectionLeg, state: LegState): ProtectionLeg {
  const { question: _question, blocked: _blocked, missingSince: _missingSince, ...rest } = leg;
  return { ...rest, state };
}

/** The break-even leg is done; the stop-loss stands at the level, and is made where there is none. Never downwards. */
function withStopAt(protection: Protection, breakEvenLegId: string, triggerPrice: Price): Protection {
  const legs = protection.legs.map((leg): ProtectionLeg => {
    if (leg.legId === breakEvenLegId) return inState(leg, "done");
    if (leg.rule.kind !== "stop-loss" || !isLegOpen(leg) || leg.rule.triggerPrice >= triggerPrice) return leg;
    return { ...leg, rule: { ...leg.rule, triggerPrice } };
  });
  const hasStop = legs.some((leg) => leg.rule.kind === "stop-loss" && isLegOpen(leg));
  const legId = `${breakEvenLegId}-stop`;
  const made: ProtectionLeg = { legId, rule: { kind: "stop-loss", triggerPrice }, state: "live", attempts: [] };
  return { ...protection, legs: hasStop ? legs : [...legs, made], version: protection.version + 1 };
}

function ended(protection: Protection, why: string): Protection {
  const legs = protection.legs.map((leg) => (isLegOpen(leg) ? inState(leg, "ended") : leg));
  return { ...protection, legs, state: "ended", endedBecause: why, version: protection.version + 1 };
}
