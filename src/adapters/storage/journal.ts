import { and, desc, gt, lt, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { DomainEvent, StampedEvent } from "../../core/domain/events.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import type { Journal, JournalBatch } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { createCommitChecks } from "./commit-checks.ts";
import type { EntryParts } from "./entry-writer.ts";
import { createEntryWriter } from "./entry-writer.ts";
import { decodeEvent } from "./event-codec.ts";
import { encodeMoneyJson } from "./money-json.ts";
import { createOrderWriter } from "./order-writer.ts";
import { createProtectionWriter } from "./protection-writer.ts";
import { journalKeys, orderKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { createSaleCheck } from "./sale-check.ts";
import { fillToRow, intentToRow } from "./rows.ts";
import { fills, intents, journal, tradingStates } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";

export type JournalParts = AccountParts & EntryParts;

/**
 * One account's journal on SQLite. A commit is one IMMEDIATE transaction, synced to disk before it returns.
 *
 * What another process may have decided since the caller looked is looked at again inside the transaction: client order
 * ids, the trading state, the lease, the version of a protection, the sales of a position, what an order was weighed
 * against. A refusal keeps nothing, so neither a second order nor a second exit can leave.
 */
export function createJournal(parts: JournalParts): Journal {
  const { client, query, outbox, accountId, mode, deviceId } = parts;
  const entries = createEntryWriter(parts);
  const intentRows = createRowWriter(client, outbox, intents, "keep");
  const fillRows = createRowWriter(client, outbox, fills, "keep");
  const orderWriter = createOrderWriter(parts);
  const protectionWriter = createProtectionWriter(parts);
  const stateRows = createRowWriter(client, outbox, tradingStates, "replace");
  const checks = createCommitChecks(parts);
  const saleCheck = createSaleCheck(parts);
  const { after, before } = journalKeys(accountId, deviceId);
  const newest = query
    .select({ sequence: journal.sequence, at: journal.at, event: journal.event })
    .from(journal)
    .where(and(gt(journal.id, after), lt(journal.id, before)))
    .orderBy(desc(journal.id))
    .limit(sql.placeholder("limit"))
    .prepare();
  function stateToRow(event: Extract<DomainEvent, { type: "trading-state-changed" }>, updatedAt: Timestamp) {
    const { kind, reason = "" } = event.state;
    const evidence = encodeMoneyJson(event.evidence);
    return { key: accountId, accountId, mode, kind, reason, by: event.by, evidence, updatedAt };
  }

  const transaction = client.transaction((batch: JournalBatch): readonly StampedEvent[] => {
    const { fence } = batch;
    if (fence !== undefined && "token" in fence) checks.mayAct(fence);
    if (batch.basis !== undefined) checks.stillStands(batch.basis);
    if (fence !== undefined && "reckoned" in fence) saleCheck.isStillReckoned(fence.reckoned);
    const hlc = outbox.stamp();
    for (const event of batch.events) {
      if (event.type === "trading-state-changed") checks.mayChangeState(event);
      if (event.type !== "order-intended") continue;
      checks.mayLeave(event.intent.draft);
      const id = event.intent.clientOrderId;
      const isTaken =
        orderWriter.holds(orderKey(accountId, id)) || !intentRows.write(intentToRow(parts, event.intent), hlc);
      if (isTaken) throw idUsed(id);
    }
    const first = entries.append(batch.events, batch.at, hlc);
    const freshFills = batch.fills.filter((fill) => fillRows.write(fillToRow(parts, fill), hlc));
    orderWriter.write(batch.orders, freshFills, hlc);
    for (const change of batch.protections) protectionWriter.write(change, batch.at, hlc);
    for (const event of batch.events) {
      if (event.type === "trading-state-changed") stateRows.write(stateToRow(event, batch.at), hlc);
    }
    return batch.events.map((event, index) => ({ sequence: first + index, at: batch.at, event }));
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
    mark: checks.mark,
    latest(limit) {
      return reading("The journal", () =>
        newest.all({ limit }).map((row) => ({ sequence: row.sequence, at: row.at, event: decodeEvent(row.event) })),
      );
    },
  };
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
