import type { DomainEventType } from "./events.ts";

/** Complete by its type: a new event that is not listed here does not compile. */
const EVENT_TYPES: Readonly<Record<DomainEventType, true>> = {
  "order-intended": true,
  "order-not-sent": true,
  "order-accepted": true,
  "order-rejected": true,
  "order-outcome-unknown": true,
  "order-not-seen": true,
  "order-absent": true,
  "order-vanished": true,
  "order-reported": true,
  "order-written-off": true,
  "order-adopted": true,
  "cancel-intended": true,
  "cancel-accepted": true,
  "cancel-rejected": true,
  "cancel-outcome-unknown": true,
  "fill-recorded": true,
  "balance-reported": true,
  "balances-replaced": true,
  "trading-state-changed": true,
  "difference-found": true,
  "difference-settled": true,
  "archive-hole-found": true,
  "balances-explained": true,
  "reconcile-finished": true,
  "session-started": true,
  "session-ended": true,
  "anomaly-seen": true,
  "protection-armed": true,
  "protection-disarmed": true,
  "protection-ended": true,
  "highest-moved": true,
  "stop-moved": true,
  "exit-attempted": true,
  "close-attempted": true,
  "leg-fired": true,
  "exit-blocked": true,
  "leg-ended": true,
  "leg-recovered": true,
  "question-asked": true,
  "question-answered": true,
};

export const DOMAIN_EVENT_TYPES = Object.keys(EVENT_TYPES) as readonly DomainEventType[];

export function isDomainEventType(type: string): type is DomainEventType {
  return Object.hasOwn(EVENT_TYPES, type);
}
