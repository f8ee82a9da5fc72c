import type { DomainEvent } from "../../core/domain/events.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import type { TradingContext } from "../../core/use-cases/trading-context.ts";
import type { ArchiveKeeper } from "./archive-keeper.ts";
import type { ProofLog } from "./proof-log.ts";

/** The trading half of the core; there is none without an account. */
export interface Trading {
  readonly accountId: AccountId;
  readonly context: TradingContext;
  readonly archive: ArchiveKeeper;
  readonly looks: ProofLog;
  onAnomaly(listener: (what: string) => void): void;
  /** Hears what has just become true here. A listener must not publish. */
  onPublished(listener: (events: readonly DomainEvent[]) => void): void;
  retryWrites(): void;
  /** Batches that are true but not on disk yet. */
  unwritten(): number;
  /**
   * Takes over what other processes have written: protections and the trading state.
   * @returns false while something that happened here is not on disk, which knows less until it is
   */
  adopt(): boolean;
  publishEnd(): void;
}
