import type { Database } from "better-sqlite3";
import type { Clock } from "../../core/ports/clock.ts";
import { nextReading } from "./hybrid-clock.ts";

/** Of a reading: what stands before its device. */
const TIME_DIGITS = 16;

/** Bookkeeping for the synchronisation. Both calls belong inside the transaction that changes the rows. */
export interface Outbox {
  /**
   * Moves this device's clock on, durably, and returns its reading for every row of the transaction. The clock lives in
   * the file because several processes write as one device.
   */
  stamp(): string;
  /** Moves this device's clock beyond a reading that came from another, so that what is written next comes after it. */
  receive(hlc: string): void;
  mark(table: string, key: string, hlc: string): void;
}

export function createOutbox(client: Database, options: { readonly clock: Clock; readonly deviceId: string }): Outbox {
  const readClock = client.prepare<[], string>("SELECT v FROM sync_state WHERE k = 'hlc'").pluck();
  const saveClock = client.prepare<[string]>(
    "INSERT INTO sync_state(k, v) VALUES('hlc', ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v",
  );
  const markDirty = client.prepare<[string, string, string]>(
    "INSERT INTO sync_dirty(tbl, pk, hlc) VALUES(?, ?, ?) ON CONFLICT(tbl, pk) DO UPDATE SET hlc = excluded.hlc",
  );
  return {
    stamp() {
      const reading = nextReading(readClock.get() ?? "", options.clock.now(), options.deviceId);
      saveClock.run(reading);
      return reading;
    },
    receive(hlc) {
      if ((readClock.get() ?? "").slice(0, TIME_DIGITS) < hlc.slice(0, TIME_DIGITS)) saveClock.run(hlc);
    },
    mark(table, key, hlc) {
      markDirty.run(table, key, hlc);
    },
  };
}
