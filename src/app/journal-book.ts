import type { AccountId } from "../core/domain/identifiers.ts";
import type { Mode } from "../core/domain/mode.ts";
import type { EntryFilter, JournalRecord, RecordedEntry, VerifiedJournal } from "../core/ports/journal-record.ts";

/** The journals of a home, read without an exchange; nothing is written down by reading. */
export interface JournalBook extends JournalRecord {
  /** As what the program would run with these settings. */
  readonly mode: Mode;
  now(): number;
  /** Where what is stored of each account differs from what its journal tells when it is played from the beginning. */
  replay(): readonly ReplayedAccount[];
  close(): void;
}

export interface ReplayedAccount {
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly orders: number;
  readonly fills: number;
  readonly differences: readonly string[];
}

export type { EntryFilter, RecordedEntry, VerifiedJournal };
