import type { AuditEntry } from "../domain/audit.ts";
import type { DomainEvent } from "../domain/events.ts";
import type { AccountId, ClientOrderId, MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { Mode } from "../domain/mode.ts";

/** One entry of any journal in the database. */
export interface RecordedEntry {
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly deviceId: string;
  readonly sequence: number;
  readonly at: Timestamp;
  readonly type: string;
  readonly clientOrderId: ClientOrderId | undefined;
  /** Undefined where it cannot be read: it is shown with its place, and the others are read on. */
  readonly entry: DomainEvent | AuditEntry | undefined;
  /** Hash over the entry and all before it in its journal. */
  readonly chain: string;
}

export interface EntryFilter {
  /** What the program runs as; every mode when absent. */
  readonly mode?: Mode;
  readonly since?: Timestamp;
  /** Exclusive. */
  readonly until?: Timestamp;
  /** Full names ("order-intended") or first words ("order"). */
  readonly types?: readonly string[];
  /** Under which we hold an order, or the exchange does. */
  readonly order?: string;
  readonly symbol?: MarketSymbol;
}

/** One journal: what one device wrote of one account. */
export interface JournalName {
  readonly accountId: AccountId;
  readonly deviceId: string;
}

export interface VerifiedJournal extends JournalName {
  readonly mode: Mode;
  readonly entries: number;
  /** The newest chain: whoever noted it can prove later that nothing before it was changed. */
  readonly chain: string;
  /** The first entry that is not as it was written; what follows it was not looked at. */
  readonly broken: { readonly sequence: number; readonly why: string } | undefined;
}

/** Reads what the journals of the database hold, whoever wrote it. */
export interface JournalRecord {
  /** The newest entries, newest first. */
  newest(filter: EntryFilter, limit: number): readonly RecordedEntry[];
  /** Everything, journal by journal, each from its beginning; holds a page at a time. */
  walk(filter: EntryFilter): Iterable<RecordedEntry>;
  /** What every device wrote of one account, in the order of their clocks. */
  ofAccount(accountId: AccountId): Iterable<RecordedEntry>;
  /** Goes through every journal and stops in each at the first entry that is not as it was written. */
  verify(): readonly VerifiedJournal[];
  /** Whether an entry with this chain is there. */
  holdsChain(chain: string): boolean;
}
