import { formatAskedPrice, formatShare } from "../../core/domain/asked-order.ts";
import type { CoverageScope } from "../../core/domain/arming/plan-coverage.ts";
import { levelOf } from "../../core/domain/guarding/trigger-level.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { Coverage, ExitStyle, Protection, ProtectionLeg, TrailDistance } from "../../core/domain/protection.ts";
import { isoTime } from "../output/iso-time.ts";
import { amountOrNull } from "../output/amounts.ts";
import type { Column } from "../output/table.ts";

/** A protection as scripts read it. Money is decimal text, shares are factors, times ISO 8601 UTC. */
export function protectionJson(protection: Protection) {
  const { coverage, exit, confirmation } = protection;
  return {
    protectionId: protection.protectionId,
    symbol: protection.symbol,
    state: protection.state,
    endedBecause: protection.endedBecause ?? null,
    coverage: {
      kind: coverage.kind,
      quantity: coverage.kind === "quantity" ? formatMoney(coverage.quantity) : null,
      entryOrderId: coverage.kind === "entry" ? coverage.clientOrderId : null,
    },
    linkedOrderId: protection.linkedOrderId ?? null,
    entryPrice: amountOrNull(protection.entryPrice),
    exit: { kind: exit.kind, offset: exit.kind === "limit" ? formatMoney(exit.offset) : null },
    trigger: protection.trigger,
    confirmation: { prints: confirmation.prints, holdMs: confirmation.holdMs },
    legs: protection.legs.map(legJson),
    createdAt: isoTime(protection.createdAt),
  };
}

/** A leg as scripts read it, with the level at which it acts. */
export function legJson(leg: ProtectionLeg) {
  const { rule } = leg;
  const distance = rule.kind === "trailing-stop" ? rule.distance : undefined;
  return {
    legId: leg.legId,
    kind: rule.kind,
    state: leg.state,
    /** Where it acts, as it stands on disk; a trailing stop has none before it is activated. */
    level: amountOrNull(levelOf(leg)?.price),
    share: rule.kind === "take-profit" ? formatMoney(rule.share) : null,
    distanceRatio: distance?.kind === "ratio" ? formatMoney(distance.ratio) : null,
    distancePrice: distance?.kind === "price" ? formatMoney(distance.price) : null,
    activationPrice: rule.kind === "trailing-stop" ? amountOrNull(rule.activationPrice) : null,
    highest: amountOrNull(leg.highest),
    at: rule.kind === "time-stop" ? isoTime(rule.at) : null,
    blocked: leg.blocked === undefined ? null : { code: leg.blocked.code, message: leg.blocked.message },
    attempts: leg.attempts.map(({ exitOrderId, quantity, observedPrice, at }) => ({
      exitOrderId,
      quantity: formatMoney(quantity),
      observedPrice: formatMoney(observedPrice),
      at: isoTime(at),
    })),
  };
}

export const LEG_COLUMNS: readonly Column<ProtectionLeg>[] = [
  { title: "LEG", value: (leg) => leg.legId },
  { title: "DOES", value: (leg) => legWords(leg) },
  { title: "AT", value: (leg) => whenWords(leg), align: "right" },
  { title: "STATE", value: (leg) => (leg.blocked === undefined ? leg.state : `${leg.state}: ${leg.blocked.message}`) },
];

function legWords({ rule }: ProtectionLeg): string {
  switch (rule.kind) {
    case "stop-loss":
      return "sells all that is left";
    case "take-profit":
      return `sells ${formatShare(rule.share)}`;
    case "trailing-stop": {
      const from = rule.activationPrice === undefined ? "" : `, from ${formatMoney(rule.activationPrice)} on`;
      return `sells all, ${distanceWords(rule.distance)} below the highest price${from}`;
    }
    case "break-even":
      return "moves the stop to what was paid";
    case "time-stop":
      return "sells all that is left";
  }
}

function whenWords(leg: ProtectionLeg): string | undefined {
  if (leg.rule.kind === "time-stop") return isoTime(leg.rule.at);
  const level = levelOf(leg);
  return level === undefined ? undefined : formatMoney(level.price);
}

function distanceWords(distance: TrailDistance): string {
  return distance.kind === "ratio" ? formatShare(distance.ratio) : formatMoney(distance.price);
}

/** What it covers, beside what there is: money as decimal text, what is not known is null. */
export function scopeJson({ of, covers, position, held, outside }: CoverageScope) {
  return {
    of,
    quantity: amountOrNull(covers),
    position: formatMoney(position),
    held: amountOrNull(held),
    notCovered: amountOrNull(outside),
  };
}

const SCOPE_WORDS = {
  position: "the position, what was bought here",
  all: "whatever is held when it sells",
  quantity: "as named",
  sale: "what the linked sale still offers",
  entry: "as it fills",
} as const satisfies Record<CoverageScope["of"], string>;

/** The same for people: how much, and where that comes from. */
export function scopeWords(protection: Protection, { of, covers }: CoverageScope, base: string): string {
  if (of === "entry" || covers === undefined) return coverageWords(protection.coverage, base);
  return `${formatMoney(covers)} ${base}: ${SCOPE_WORDS[of]}`;
}

/** What stays outside, and how it is covered, too; undefined where nothing does. */
export function outsideWords({ of, outside }: CoverageScope, base: string): string | undefined {
  if (outside === undefined || outside === 0n) return undefined;
  const more = of === "position" ? "; --quantity covers more, --all whatever is held" : "";
  return `${formatMoney(outside)} ${base} that is held beside it${more}`;
}

export function coverageWords(coverage: Coverage, base: string): string {
  switch (coverage.kind) {
    case "quantity":
      return `${formatMoney(coverage.quantity)} ${base}`;
    case "holding":
      return `all ${base} that is held when it sells`;
    case "entry":
      return `what order ${coverage.clientOrderId} fills`;
  }
}

export function exitWords(exit: ExitStyle): string {
  if (exit.kind === "market") return "at the market";
  return `immediate-or-cancel, ${formatAskedPrice({ kind: "relative", by: exit.offset }).slice(1)} below the price`;
}
