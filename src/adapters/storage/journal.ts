import { and, desc, eq, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { DomainEvent, StampedEvent } from "../../core/domain/events.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { Journal, JournalBatch } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { createCommitChecks } from "./commit-checks.ts";
import { decodeEvent, encodeEvent } from "./event-codec.ts";
import { encodeMoneyJson } from "./money-json.ts";
import { createOrderWriter } from "./order-writer.ts";
import { createProtectionWriter } from "./protection-writer.ts";
import { orderKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { fillToRow, intentToRow } from "./rows.ts";
import { fills, intents, journal, tradingStates } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";

export interface JournalParts extends AccountParts {
  readonly ids: IdSource;
  readonly deviceId: string;
}

/**
 * One account's journal on SQLite. A commit is one IMMEDIATE transaction, synced to disk before it returns.
 *
 * What another process may have decided since the caller looked is looked at again inside the transaction: client order
 * ids, the trading state, the lease, the version of a protection. A refusal keeps nothing, so neither a second order nor a
 * second exit can leave.
 */
export function createJournal(parts: JournalParts): Journal {
  const { client, query, outbox, accountId, mode, deviceId } = parts;
  const events = createRowWriter(client, outbox, journal, "fail");
  const intentRows = createRowWriter(client, outbox, intents, "keep");
  const fillRows = createRowWriter(client, outbox, fills, "keep");
  const orderWriter = createOrderWriter(parts);
  const protectionWriter = createProtectionWriter(parts);
  const stateRows = createRowWriter(client, outbox, tradingStates, "replace");
  const checks = createCommitChecks(parts);
  const mine = and(eq(journal.accountId, accountId), eq(journal.deviceId, deviceId));
  const newest = query
    .select({ sequence: journal.sequence, at: journal.at, event: journal.event })
    .from(journal)
    .where(mine)
    .orderBy(desc(journal.sequence))
    .limit(sql.placeholder("limit"))
    .prepare();
  const lastSequence = client
    .prepare<[string, string], number>(
      "SELECT sequence FROM journal WHERE account_id = ? AND device_id = ? ORDER BY sequence DESC LIMIT 1",
    )
    .pluck();

  function append(event: DomainEvent, sequence: number, batch: JournalBatch, hlc: string): StampedEvent {
    const row = {
      id: parts.ids.recordId(),
      accountId,
      mode,
      deviceId,
      sequence,
      at: batch.at,
      type: event.type,
      clientOrderId: clientOrderIdOf(event) ?? null,
      event: encodeEvent(event),
    };
    events.write(row, hlc);
    return { sequence, at: batch.at, event };
  }

  function stateToRow(event: Extract<DomainEvent, { type: "trading-state-changed" }>, updatedAt: Timestamp) {
    const { kind, reason = "" } = event.state;
    const evidence = encodeMoneyJson(event.evidence);
    return { key: accountId, accountId, mode, kind, reason, by: event.by, evidence, updatedAt };
  }

  const transaction = client.transaction((batch: JournalBatch): readonly StampedEvent[] => {
    if (batch.fence !== undefined) checks.mayAct(batch.fence);
    const hlc = outbox.stamp();
    const last = lastSequence.get(accountId, deviceId) ?? 0;
    for (const event of batch.events) {
      if (event.type === "trading-state-changed") checks.mayChangeState(event);
      if (event.type !== "order-intended") continue;
      checks.mayLeave(event.intent.draft);
      const id = event.intent.clientOrderId;
      const isTaken =
        orderWriter.holds(orderKey(accountId, id)) || !intentRows.write(intentToRow(parts, event.intent), hlc);
      if (isTaken) throw idUsed(id);
    }
    const stamped = batch.events.map((event, at) => append(event, last + 1 + at, batch, hlc));
    const freshFills = batch.fills.filter((fill) => fillRows.write(fillToRow(parts, fill), hlc));
    orderWriter.write(batch.orders, freshFills, hlc);
    for (const change of batch.protections) protectionWriter.write(change, batch.at, hlc);
    for (const event of batch.events) {
      if (event.type === "trading-state-changed") stateRows.write(stateToRow(event, batch.at), hlc);
    }
    return stamped;
  });

  return {
    commit(batch) {
      if (batch.events.length + batch.orders.length + batch.fills.length + batch.protections.length === 0) return [];
      try {
        return transaction.immediate(batch);
      } catch (cause) {
        if (cause instanceof AppError) throw cause;
        throw storageFailed("The journal could not be written", cause);
      }
    },
    latest(limit) {
      return reading("The journal", () =>
        newest.all({ limit }).map((row) => ({ sequence: row.sequence, at: row.at, event: decodeEvent(row.event) })),
      );
    },
  };
}

function clientOrderIdOf(event: DomainEvent): ClientOrderId | undefined {
  if (event.type === "order-intended") return event.intent.clientOrderId;
  if (event.type === "exit-attempted") return event.exitOrderId;
  return "clientOrderId" in event ? event.clientOrderId : undefined;
}

function idUsed(id: ClientOrderId): AppError {
  return new AppError({
    code: "CLIENT_ORDER_ID_USED",
    message: `The client order id ${id} already names an order.`,
    notDone: "No order was sent.",
    hint: `See it with \`tapedeck order show ${id}\`, or choose another id.`,
    exitCode: EXIT_CODES.denied,
  });
}
