import type { AuditEntry } from "../../core/domain/audit.ts";
import { isAuditType } from "../../core/domain/audit.ts";
import { isDomainEventType } from "../../core/domain/event-types.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import { decodeMoneyJson, encodeMoneyJson } from "./money-json.ts";
import { databaseUnreadable } from "./storage-error.ts";

/** @throws TypeError for a value that would not come back the same. */
export function encodeEvent(event: DomainEvent | AuditEntry): string {
  return encodeMoneyJson(event);
}

/** @throws AppError DATABASE_UNREADABLE for a text that no version of this program can have written. */
export function decodeEvent(text: string): DomainEvent {
  const entry = decodeEntry(text);
  if (isAuditType(entry.type)) throw unknownKind();
  return entry as DomainEvent;
}

/** @throws AppError DATABASE_UNREADABLE likewise. */
export function decodeEntry(text: string): DomainEvent | AuditEntry {
  let entry: unknown;
  try {
    entry = decodeMoneyJson(text);
  } catch (cause) {
    throw databaseUnreadable("The journal holds an event that cannot be read.", undefined, cause);
  }
  if (!isEntry(entry)) throw unknownKind();
  return entry;
}

function unknownKind() {
  return databaseUnreadable("The journal holds an event of a kind nobody knows.");
}

function isEntry(value: unknown): value is DomainEvent | AuditEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    (isDomainEventType(value.type) || isAuditType(value.type))
  );
}
