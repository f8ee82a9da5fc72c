import type { EquitySample } from "../domain/equity-history.ts";
import type { SymbolExecution } from "../domain/explain-balances.ts";
import type { Asset, MarketSymbol, Timestamp } from "../domain/identifiers.ts";
import type { Quantity } from "../domain/money.ts";
import type { StoredTransfer } from "../domain/transfer.ts";

/**
 * The fills of one account as the books read them: few columns, one pass. Every read is of the fills written up to a
 * mark, so that what another process writes in between is neither missed nor read twice. A visitor must not read here.
 */
export interface ExecutionLog {
  /** Moves on with every fill that is written, by whichever process. Good only for this process and this log. */
  mark(): number;
  /** Fills of one market, or of all market by market, each in the order of `inExecutionOrder`. */
  visit(filter: { readonly symbol?: MarketSymbol; readonly upTo: number }, visitor: ExecutionVisitor): void;
  /** Fills written after one mark and up to another, in the order of writing. */
  visitWritten(between: { readonly after: number; readonly upTo: number }, visitor: ExecutionVisitor): void;
  /** Fills that happened at a moment or later, in no order. */
  visitSince(since: Timestamp, visitor: ExecutionVisitor): void;
}
export type ExecutionVisitor = (fill: SymbolExecution) => void;

export interface TransferStore {
  /** Oldest first. */
  list(filter: { readonly since?: Timestamp }): readonly StoredTransfer[];
  /**
   * Writes what is new of them; one that has ended stays ended.
   * @throws AppError STORAGE_FAILED; nothing is kept then.
   */
  save(transfers: readonly StoredTransfer[]): void;
}

export interface EquityStore {
  /** Oldest first. */
  list(filter: { readonly since?: Timestamp }): readonly EquitySample[];
  /** The first sample of all; its totals are what everything since has to add up from. */
  first(): EquitySample | undefined;
  /** The newest sample at or before a moment. */
  newestAt(moment: Timestamp): EquitySample | undefined;
  /** What was held at the newest sample. */
  latestTotals(): ReadonlyMap<Asset, Quantity> | undefined;
  /**
   * Keeps one sample for each stretch of five minutes, whoever takes it first.
   * @returns whether this one was kept. @throws AppError STORAGE_FAILED
   */
  add(sample: EquitySample): boolean;
}

/** What the books of one account are kept in. Synchronous and local. */
export interface PortfolioStores {
  readonly executions: ExecutionLog;
  readonly transfers: TransferStore;
  readonly equity: EquityStore;
}
