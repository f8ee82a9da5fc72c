import type { GuardedElsewhere, LeaseRecord } from "../../../core/domain/guard-lease.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import type { Order } from "../../../core/domain/order.ts";
import { executedQuantity } from "../../../core/domain/order-execution.ts";
import { describeLegRule, questionText } from "../../../core/domain/protection-words.ts";
import type { Protection, ProtectionLeg } from "../../../core/domain/protection.ts";

/** What the guardian has to tell; `needsPerson` where it can go on only with somebody's word. */
export interface GuardNews {
  readonly kind:
    | "lease-held"
    | "lease-elsewhere"
    | "lease-lost"
    | "market-watched"
    | "market-not-watched"
    | "protection-armed"
    | "protection-live"
    | "protection-ended"
    | "question-asked"
    | "exit-sent"
    | "exit-blocked"
    | "exit-unproven"
    | "leg-done"
    | "leg-ended"
    | "leg-recovered"
    | "backup-made"
    | "backup-missed"
    | "backup-failed"
    | "restore-drilled"
    | "trouble";
  readonly text: string;
  readonly needsPerson: boolean;
  readonly symbol?: MarketSymbol;
  readonly protectionId?: string;
  readonly legId?: string;
}

export function leaseNews(kind: "lease-held" | "lease-lost", text: string): GuardNews {
  return { kind, text, needsPerson: false };
}

export function elsewhereNews({ pid, host }: LeaseRecord): GuardNews {
  const text = `Process ${pid} on ${host} guards; this one stands by and takes over when it ends.`;
  return { kind: "lease-elsewhere", text, needsPerson: false };
}

export function otherMachineNews({ host, isLetGo }: GuardedElsewhere): GuardNews {
  const text = isLetGo
    ? "This machine let go of guarding and waits for the remote to give it back."
    : `The machine ${host} guards this account; nothing is sold from here. \`tapedeck guard status\` tells when it was last heard.`;
  return { kind: "lease-elsewhere", text, needsPerson: false };
}

export function marketNews(
  kind: "market-watched" | "market-not-watched" | "trouble",
  symbol: MarketSymbol,
  text: string,
): GuardNews {
  return { kind, symbol, text, needsPerson: false };
}

/** What has become of a protection, whoever changed it. */
export function protectionNews(before: Protection | undefined, now: Protection): readonly GuardNews[] {
  const { protectionId, symbol } = now;
  const about = { protectionId, symbol, needsPerson: false };
  if (before === undefined) {
    const { coverage } = now;
    const when = coverage.kind === "entry" ? `is protected as ${coverage.clientOrderId} fills` : "is protected";
    return [{ ...about, kind: "protection-armed", text: `${symbol} ${when}: ${describeLegs(now)}.` }];
  }
  const ofLegs = now.legs.flatMap((leg) =>
    legNews(
      before.legs.find((one) => one.legId === leg.legId),
      leg,
      now,
    ),
  );
  if (now.state === "armed" || before.state === "ended") return ofLegs;
  const why = now.endedBecause ?? "no reason given";
  return [...ofLegs, { ...about, kind: "protection-ended", text: `The protection of ${symbol} has ended: ${why}.` }];
}

function legNews(before: ProtectionLeg | undefined, leg: ProtectionLeg, of: Protection): readonly GuardNews[] {
  const { protectionId, symbol } = of;
  const { legId } = leg;
  const about = { protectionId, symbol, legId, needsPerson: false };
  const news: GuardNews[] = [];
  const attempt = leg.attempts.at(-1);
  if (attempt !== undefined && leg.attempts.length > (before?.attempts.length ?? 0)) {
    const text = `${legId} of ${symbol} fired at ${formatMoney(attempt.observedPrice)}: sells ${formatMoney(attempt.quantity)} as ${attempt.exitOrderId}.`;
    news.push({ ...about, kind: "exit-sent", text });
  }
  if (leg.blocked !== undefined && leg.blocked.code !== before?.blocked?.code) {
    const text = `${legId} of ${symbol} cannot sell: ${leg.blocked.message}`;
    news.push({ ...about, kind: "exit-blocked", text, needsPerson: true });
  }
  if (before === undefined || leg.state === before.state) return news;
  if (leg.state === "asking")
    news.push({ ...about, kind: "question-asked", text: questionText(leg, of), needsPerson: true });
  if (leg.state === "done") news.push({ ...about, kind: "leg-done", text: `${legId} of ${symbol} has done its work.` });
  if (leg.state === "ended") news.push({ ...about, kind: "leg-ended", text: `${legId} of ${symbol} has ended.` });
  if (leg.state === "live")
    news.push({ ...about, kind: "leg-recovered", text: `${legId} of ${symbol} is live again.` });
  return news;
}

/** The first fill of an entry: what it covers is there, and falls with the price from now on. */
export function entryNews(protection: Protection, order: Order): GuardNews {
  const { protectionId, symbol } = protection;
  const { size } = order;
  const whole = size.kind === "base" ? ` of ${formatMoney(size.quantity)}` : "";
  const filled = `${formatMoney(executedQuantity(order))}${whole}`;
  const text = `The entry ${order.clientOrderId} of ${symbol} has filled ${filled}: its protection is live, ${describeLegs(protection)}.`;
  return { kind: "protection-live", symbol, protectionId, text, needsPerson: false };
}

function describeLegs({ legs }: Protection): string {
  return legs.map((leg) => `${leg.legId} ${describeLegRule(leg)}`).join(", ");
}

/** Sent, and not proven: a person may want to look, above all where the reason is this machine's own. */
export function unprovenNews({ protectionId, symbol }: Protection, order: Order): GuardNews {
  const why = order.reason === undefined ? "" : ` (${order.reason.message})`;
  const text = `Whether exit ${order.clientOrderId} of ${symbol} was taken is not proven${why}. It is looked up; nothing more is sold until it is.`;
  return { kind: "exit-unproven", symbol, protectionId, text, needsPerson: true };
}
