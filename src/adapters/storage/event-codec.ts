import type { DomainEvent, DomainEventType } from "../../core/domain/events.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { formatMoney, parseQuantity } from "../../core/domain/money.ts";
import { databaseUnreadable } from "./storage-error.ts";

/** Complete by its type: a new event that is not listed here does not compile. */
const EVENT_TYPES: Readonly<Record<DomainEventType, true>> = {
  "order-intended": true,
  "order-not-sent": true,
  "order-accepted": true,
  "order-rejected": true,
  "order-outcome-unknown": true,
  "order-absent": true,
  "order-vanished": true,
  "order-reported": true,
  "cancel-intended": true,
  "cancel-accepted": true,
  "cancel-rejected": true,
  "cancel-outcome-unknown": true,
  "fill-recorded": true,
  "balance-reported": true,
  "balances-replaced": true,
  "trading-state-changed": true,
  "reconcile-finished": true,
  "session-started": true,
  "session-ended": true,
  "anomaly-seen": true,
  "stop-armed": true,
  "stop-fired": true,
  "stop-disarmed": true,
};

export const DOMAIN_EVENT_TYPES = Object.keys(EVENT_TYPES) as readonly DomainEventType[];

/** JSON with money as `{"$":"0.001"}`. @throws TypeError for a value that would not come back the same. */
export function encodeEvent(event: DomainEvent): string {
  return JSON.stringify(event, (key, value: unknown) => {
    if (typeof value === "bigint") return { $: formatMoney(value as Quantity) };
    if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${key} is ${value}`);
    if (value instanceof Map || value instanceof Set) throw new TypeError(`${key} is a ${value.constructor.name}`);
    return value;
  });
}

/** @throws AppError DATABASE_UNREADABLE for a text that no version of this program can have written. */
export function decodeEvent(text: string): DomainEvent {
  let event: unknown;
  try {
    event = JSON.parse(text, (_key, value: unknown) => (isTaggedMoney(value) ? decodeMoney(value.$) : value));
  } catch (cause) {
    throw databaseUnreadable("The journal holds an event that cannot be read.", undefined, cause);
  }
  if (!isDomainEvent(event)) throw databaseUnreadable("The journal holds an event of a kind nobody knows.");
  return event;
}

function isTaggedMoney(value: unknown): value is { readonly $: string } {
  return typeof value === "object" && value !== null && "$" in value && typeof value.$ === "string";
}

function decodeMoney(text: string): bigint {
  const value = parseQuantity(text);
  if (value === undefined) throw new RangeError(`${JSON.stringify(text)} is no decimal`);
  return value;
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
