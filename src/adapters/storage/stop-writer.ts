import { eq, sql } from "drizzle-orm";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Timestamp } from "../../core/domain/identifiers.ts";
import type { StopRecord } from "../../core/domain/trading-ledger.ts";
import type { AccountParts } from "./account-parts.ts";
import { stopKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { STOP_COLUMNS, rowToStop, stopToRow } from "./rows.ts";
import { stops } from "./schema.ts";

export interface StopWriter {
  /** @throws AppError STOP_ENDED when a stop would fire that another process has already ended. */
  write(record: StopRecord, at: Timestamp, hlc: string): void;
}

/**
 * A stop ends once. Two processes can watch the same stop and see the same print; the file decides which of them sends
 * the exit, and the other is told before it sends anything.
 */
export function createStopWriter(parts: AccountParts): StopWriter {
  const rows = createRowWriter(parts.client, parts.outbox, stops, "replace");
  const byKey = parts.query
    .select(STOP_COLUMNS)
    .from(stops)
    .where(eq(stops.key, sql.placeholder("key")))
    .prepare();

  return {
    write(record, at, hlc) {
      const row = byKey.get({ key: stopKey(parts.accountId, record.stop.protectionId) });
      const stored = row === undefined ? undefined : rowToStop(row);
      if (stored !== undefined && stored.state !== "armed") {
        if (record.state === "fired" && record.exitOrderId !== stored.exitOrderId) throw stopEnded(stored);
        return;
      }
      rows.write(stopToRow(parts, record, at), hlc);
    },
  };
}

function stopEnded(stored: StopRecord): AppError {
  return new AppError({
    code: "STOP_ENDED",
    message: `The stop ${stored.stop.protectionId} was already ${stored.state} by another process.`,
    notDone: "No second exit was sent.",
    hint: "See its orders with `tapedeck order ls`.",
    exitCode: EXIT_CODES.denied,
  });
}
