import type { AuditEntry } from "../../core/domain/audit.ts";
import type { DomainEvent, DomainEventType } from "../../core/domain/events.ts";
import { decodeMoneyJson, encodeMoneyJson } from "./money-json.ts";
import { databaseUnreadable } from "./storage-error.ts";

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
  "leg-fired": true,
  "exit-blocked": true,
  "leg-ended": true,
  "leg-recovered": true,
  "question-asked": true,
  "question-answered": true,
};

export const DOMAIN_EVENT_TYPES = Object.keys(EVENT_TYPES) as readonly DomainEventType[];

/** @throws TypeError for a value that would not come back the same. */
export function encodeEvent(event: DomainEvent | AuditEntry): string {
  return encodeMoneyJson(event);
}

/** @throws AppError DATABASE_UNREADABLE for a text that no version of this program can have written. */
export function decodeEvent(text: string): DomainEvent {
  let event: unknown;
  try {
    event = decodeMoneyJson(text);
  } catch (cause) {
    throw databaseUnreadable("The journal holds an event that cannot be read.", undefined, cause);
  }
  if (!isDomainEvent(event)) throw databaseUnreadable("The journal holds an event of a kind nobody knows.");
  return event;
}

function isDomainEvent(value: unknown): value is DomainEvent {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    Object.hasOwn(EVENT_TYPES, value.type)
  );
}
