import type { AccountId } from "../core/domain/identifiers.ts";
import type { LotMethod } from "../core/domain/lots.ts";
import type { RiskLimits } from "../core/domain/risk-request.ts";
import type { TripLimits } from "../core/domain/trip-facts.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { GuardRuns } from "../core/ports/guard-runs.ts";
import type { GuardLease } from "../core/ports/guard-lease.ts";
import type { IdSource } from "../core/ports/id-source.ts";
import type { LookBoard } from "../core/ports/look-board.ts";
import type { Journal } from "../core/ports/journal.ts";
import type { Logger } from "../core/ports/logger.ts";
import type { StoreChanges } from "../core/ports/store-changes.ts";
import type { PortfolioStores } from "../core/ports/portfolio-stores.ts";
import type {
  ArchiveStore,
  FillStore,
  OrderStore,
  ProtectionStore,
  SettingStore,
  StoredOrder,
  TradingStateStore,
} from "../core/ports/stores.ts";
import type { App, AppPlaces } from "./app.ts";
import type { BackupKeeping } from "./runtime/backup-keeper.ts";
import type { BackgroundGuard } from "./guarding.ts";
import type { Exchange } from "./exchange.ts";
import type { SyncStatus } from "./syncing.ts";

/** The stored side of one account. */
export interface AccountStorage {
  readonly journal: Journal;
  readonly orders: OrderStore;
  readonly fills: FillStore;
  readonly archive: ArchiveStore;
  readonly protections: ProtectionStore;
  readonly tradingState: TradingStateStore;
  readonly lease: GuardLease;
  readonly changes: StoreChanges;
  /** 15 hex digits over orders, fills, protections and trading state as they are stored: equal when all of them are. */
  stateHash(): string;
  readonly portfolio: PortfolioStores;
}

/** What an app is put together from: ports, whoever stands behind them. */
export interface AppParts {
  readonly identity: Pick<App, "mode" | "version" | "exchange" | "accountId">;
  readonly places: AppPlaces;
  readonly exchange: Exchange;
  readonly limits: RiskLimits;
  /** What tightens trading by itself while a session runs; nothing when absent. */
  readonly trips?: TripLimits;
  /** How lots are counted unless somebody asks otherwise; first in, first out when absent. */
  readonly lotMethod?: LotMethod;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly settings: SettingStore;
  readonly account: (AccountStorage & { readonly id: AccountId }) | undefined;
  readonly allOrders: (filter: { readonly limit?: number }) => readonly StoredOrder[];
  readonly demoControls: App["demoControls"];
  /** Backups by schedule; absent where none is asked for. */
  readonly backups?: BackupKeeping;
  /** The runs of this home that only guard. */
  readonly guardRuns?: GuardRuns;
  /** Starts a guardian that outlives us; undefined where the exchange does not. */
  readonly startBackgroundGuard?: () => Promise<BackgroundGuard>;
  /** What the processes of this machine tell each other of the orders they ask for; absent where there is one alone. */
  readonly lookBoard?: LookBoard;
  /** Calls back once after the wait; returns its cancel. */
  readonly schedule: (run: () => void, waitMs: number) => () => void;
  /** Synchronises from a session's start on; absent where nothing leaves this machine. */
  readonly startSyncing?: (onRound: (status: SyncStatus) => void) => { close(): Promise<void> };
  /** Closes what the composition opened, last. */
  readonly dispose: () => Promise<void>;
}
