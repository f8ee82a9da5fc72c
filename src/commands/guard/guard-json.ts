import type { ExchangeTime } from "../../core/domain/exchange-time.ts";
import { elapsedMs, stampOf } from "../../core/domain/exchange-time.ts";
import type { BackupStatus } from "../../app/backups.ts";
import type { GuardConcern, GuardStatus } from "../../core/domain/guard-status.ts";
import { heartbeatAge } from "../../core/domain/guard-lease.ts";
import type { LeaseRecord } from "../../core/domain/guard-lease.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Coverage, LegRule, Protection, ProtectionLeg } from "../../core/domain/protection.ts";
import { levelOf } from "../../core/domain/guarding/trigger-level.ts";
import { answersTo } from "../../core/domain/protection-events.ts";
import { amountOrNull } from "../output/amounts.ts";
import type { StoredCoverage } from "./guard-coverage.ts";
import { storedCoverageJson } from "./guard-coverage.ts";
import { isoTime } from "../output/iso-time.ts";

/** The holder of the lease, alive or not. */
export function holderJson(lease: LeaseRecord, isAlive: boolean, now: Timestamp): object {
  const { pid, host, token, acquiredAt } = lease;
  return { alive: isAlive, pid, host, token, since: isoTime(acquiredAt), heartbeatAgeMs: heartbeatAge(lease, now) };
}

/** Markets as the holder watches them; what one that is gone has left is watched by nobody. */
export function marketsOf({ lease, isAlive }: GuardStatus) {
  return Object.entries(lease?.markets ?? {}).map(([symbol, market]) => ({
    symbol,
    ...market,
    state: isAlive ? market.state : ("nobody" as const),
  }));
}

export type MarketRow = ReturnType<typeof marketsOf>[number];

/** @param exchangeNow the moment by the clock that stamps what is seen of a market */
export function statusJson(
  status: GuardStatus,
  now: Timestamp,
  exchangeNow: ExchangeTime,
  backups: BackupStatus | undefined,
  coverages: readonly StoredCoverage[],
): object {
  const { lease, isAlive, elsewhere, tradingState } = status;
  return {
    elsewhere:
      elsewhere === undefined
        ? null
        : {
            host: elsewhere.host,
            device: elsewhere.deviceId,
            seenAt: isoTime(elsewhere.seenAt),
            letGo: elsewhere.isLetGo,
          },
    guardian: lease === undefined ? null : holderJson(lease, isAlive, now),
    tradingState: tradingState.kind,
    tradingStateReason: tradingState.kind === "active" ? null : tradingState.reason,
    markets: marketsOf(status).map(({ symbol, state, seenUntil, lastPrice }) => ({
      symbol,
      state,
      seenUntil: seenUntil === undefined ? null : isoTime(stampOf(seenUntil)),
      ageMs: seenUntil === undefined ? null : seenAgeMs(seenUntil, exchangeNow),
      lastPrice: amountOrNull(lastPrice),
    })),
    protections: coverages.map((one) => ({ ...protectionJson(one.protection), covered: storedCoverageJson(one) })),
    concerns: [
      ...status.concerns.map(concernJson),
      ...(backups?.concerns ?? []).map((what) => ({
        kind: "backup",
        what,
        protectionId: null,
        legId: null,
        next: MEND_BACKUPS,
      })),
    ],
  };
}

/** How old the last word of a market is, ms; never negative, whatever was done to a clock. */
export function seenAgeMs(seenUntil: ExchangeTime, exchangeNow: ExchangeTime): number {
  return Math.max(0, elapsedMs(seenUntil, exchangeNow));
}

/** The command for a person whose backups are not well. */
export const MEND_BACKUPS = "tapedeck backup schedule";

export function concernJson(concern: GuardConcern): object {
  return {
    kind: concern.kind,
    what: concern.what,
    protectionId: concern.protection?.protectionId ?? null,
    legId: concern.leg?.legId ?? null,
    next: nextStep(concern),
  };
}

/** The command a person would run next. */
export function nextStep({ kind, protection, leg, exitOrderId }: GuardConcern): string {
  switch (kind) {
    case "other-machine-silent":
      return "tapedeck guard take-over";
    case "nobody-guards":
      return "tapedeck guard run";
    case "not-watched":
      return "tapedeck doctor";
    case "halted":
      return "tapedeck trading resume REASON";
    case "question":
      return protection === undefined || leg === undefined
        ? "tapedeck guard answer PROTECTION LEG ANSWER"
        : answerLine(protection, leg);
    case "exit-unproven":
    case "exit-refused":
      return `tapedeck order show ${exitOrderId ?? "ORDER"}`;
    case "blocked":
      return `tapedeck order ls --open --symbol ${protection?.symbol ?? "SYMBOL"}`;
  }
}

/** The command that answers what a leg asks, with the answers that it takes. */
export function answerLine({ protectionId }: Protection, leg: ProtectionLeg): string {
  return `tapedeck guard answer ${protectionId} ${leg.legId} ${answersTo(leg).join("|")}`;
}

export function protectionJson(protection: Protection): object {
  const { protectionId, symbol, state, trigger, confirmation, createdAt, legs } = protection;
  return {
    protectionId,
    symbol,
    state,
    coverage: coverageJson(protection.coverage),
    exit: protection.exit.kind === "market" ? "market" : `limit:${formatMoney(protection.exit.offset)}`,
    trigger,
    confirmation,
    linkedOrderId: protection.linkedOrderId ?? null,
    entryPrice: amountOrNull(protection.entryPrice),
    createdAt: isoTime(createdAt),
    endedBecause: protection.endedBecause ?? null,
    legs: legs.map((leg) => legJson(protection, leg)),
  };
}

function coverageJson(coverage: Coverage): object {
  switch (coverage.kind) {
    case "quantity":
      return { kind: coverage.kind, quantity: formatMoney(coverage.quantity) };
    case "entry":
      return { kind: coverage.kind, clientOrderId: coverage.clientOrderId };
    case "holding":
      return { kind: coverage.kind };
  }
}

function legJson(protection: Protection, leg: ProtectionLeg): object {
  const { legId, rule, state, highest, attempts, question, blocked } = leg;
  const level = amountOrNull(levelOf(leg)?.price);
  return {
    legId,
    ...ruleJson(rule),
    state,
    /** Where it acts at present; a trailing stop's moves with `highest`, and there is none before it is activated. */
    level,
    highest: amountOrNull(highest),
    attempts: attempts.map(({ exitOrderId, quantity, observedPrice, at }) => ({
      clientOrderId: exitOrderId,
      quantity: formatMoney(quantity),
      observedPrice: formatMoney(observedPrice),
      time: isoTime(at),
    })),
    question:
      question === undefined
        ? null
        : {
            level,
            since: isoTime(question.since),
            worstPrice: amountOrNull(question.worstPrice),
            seenPrice: amountOrNull(question.seenPrice),
            time: isoTime(question.at),
            answers: answersTo(leg),
            next: answerLine(protection, leg),
          },
    blocked: blocked ?? null,
  };
}

function ruleJson(rule: LegRule): object {
  switch (rule.kind) {
    case "stop-loss":
      return { kind: rule.kind, triggerPrice: formatMoney(rule.triggerPrice) };
    case "take-profit":
      return { kind: rule.kind, triggerPrice: formatMoney(rule.triggerPrice), share: formatMoney(rule.share) };
    case "break-even":
      return { kind: rule.kind, triggerPrice: formatMoney(rule.triggerPrice), offset: formatMoney(rule.offset) };
    case "time-stop":
      return { kind: rule.kind, at: isoTime(rule.at) };
    case "trailing-stop": {
      const { distance, activationPrice } = rule;
      return {
        kind: rule.kind,
        distance: formatMoney(distance.kind === "ratio" ? distance.ratio : distance.price),
        distanceIn: distance.kind,
        activationPrice: amountOrNull(activationPrice),
      };
    }
  }
}
