import { and, desc, eq, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { DomainEvent, StampedEvent } from "../../core/domain/events.ts";
import type { ClientOrderId } from "../../core/domain/identifiers.ts";
import type { IdSource } from "../../core/ports/id-source.ts";
import type { Journal, JournalBatch } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { decodeEvent, encodeEvent } from "./event-codec.ts";
import { createOrderWriter } from "./order-writer.ts";
import { orderKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { fillToRow, intentToRow } from "./rows.ts";
import { fills, intents, journal } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";
import { createStopWriter } from "./stop-writer.ts";

export interface JournalParts extends AccountParts {
  readonly ids: IdSource;
  readonly deviceId: string;
}

/**
 * One account's journal on SQLite. A commit is one IMMEDIATE transaction, synced to disk before it returns.
 *
 * Beyond the port: an intent whose client order id is taken (by another process, since the caller looked) throws
 * AppError CLIENT_ORDER_ID_USED, and a stop that fires a second time throws STOP_ENDED. Both keep nothing, so neither a
 * second order nor a second exit can leave.
 */
export function createJournal(parts: JournalParts): Journal {
  const { client, query, outbox, accountId, mode, deviceId } = parts;
  const events = createRowWriter(client, outbox, journal, "fail");
  const intentRows = createRowWriter(client, outbox, intents, "keep");
  const fillRows = createRowWriter(client, outbox, fills, "keep");
  const orderWriter = createOrderWriter(parts);
  const stopWriter = createStopWriter(parts);
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

  const transaction = client.transaction((batch: JournalBatch): readonly StampedEvent[] => {
    const hlc = outbox.stamp();
    const last = lastSequence.get(accountId, deviceId) ?? 0;
    for (const event of batch.events) {
      if (event.type !== "order-intended") continue;
      const id = event.intent.clientOrderId;
      const isTaken =
        orderWriter.holds(orderKey(accountId, id)) || !intentRows.write(intentToRow(parts, event.intent), hlc);
      if (isTaken) throw idUsed(id);
    }
    const stamped = batch.events.map((event, at) => append(event, last + 1 + at, batch, hlc));
    const freshFills = batch.fills.filter((fill) => fillRows.write(fillToRow(parts, fill), hlc));
    orderWriter.write(batch.orders, freshFills, hlc);
    for (const record of batch.stops) stopWriter.write(record, batch.at, hlc);
    return stamped;
  });

  return {
    commit(batch) {
      if (batch.events.length + batch.orders.length + batch.fills.length + batch.stops.length === 0) return [];
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
  if (event.type === "stop-fired") return event.exitOrderId;
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
