import type { AccountId, ClientOrderId, MarketSymbol, OrderId } from "../core/domain/identifiers.ts";
import type { BracketRules } from "../core/domain/bracket.ts";
import type { CandleInterval } from "../core/domain/candle.ts";
import type { FeeTerms } from "../core/domain/fee-terms.ts";
import type { Instrument } from "../core/domain/instrument.ts";
import type { Price } from "../core/domain/money.ts";
import type { Mode } from "../core/domain/mode.ts";
import type { SeenLook } from "../core/domain/proof-look.ts";
import type { Order, OrderDraft } from "../core/domain/order.ts";
import type { Denial, RiskLimits } from "../core/domain/risk-request.ts";
import type { Difference } from "../core/domain/difference.ts";
import type { Fill } from "../core/domain/fill.ts";
import type { ExchangeHealth } from "../core/domain/exchange-health.ts";
import type { MarketData } from "../core/ports/market-data.ts";
import type { MarketFeed } from "../core/ports/market-feed.ts";
import type { ArchiveStore, FillStore, OrderStore, SettingStore, StoredOrder } from "../core/ports/stores.ts";
import type { AdoptOrderResult } from "../core/use-cases/adopt-order.ts";
import type { KeyReport } from "../core/use-cases/check-key.ts";
import type { CancelOrderResult } from "../core/use-cases/cancel-order.ts";
import type { PlaceOrderResult } from "../core/use-cases/place-order.ts";
import type { ReconcileSummary } from "../core/use-cases/reconcile-account.ts";
import type { TestOrderResult } from "../core/use-cases/test-order.ts";
import type { WriteOffResult } from "../core/use-cases/write-off-order.ts";
import type { BackupStatus } from "./backups.ts";
import type { Safety } from "./safety.ts";
import type { Reconciling } from "./reconciling.ts";
import type { Closing } from "./closing.ts";
import type { GuardRuns } from "../core/ports/guard-runs.ts";
import type { Guarding } from "./guarding.ts";
import type { Protecting } from "./protecting.ts";
import type { PortfolioBooks } from "./portfolio-books.ts";
import type { AppStore } from "./store/create-store.ts";

export type OrderKey = { readonly clientOrderId: ClientOrderId } | { readonly orderId: OrderId };

/** Where the app reads and keeps things, for `doctor` and for messages. */
export interface AppPlaces {
  readonly databaseFile: string;
  readonly configFile: string;
  readonly logFile: string;
}

/**
 * The one core behind every face. Opened by `createApp`; quiet until asked: `startSession` connects the streams for a
 * screen, while a single command calls what it needs and closes.
 */
export interface App extends Reconciling {
  readonly mode: Mode;
  readonly version: string;
  /** For people: "embedded simulated exchange", "simulated exchange at http://127.0.0.1:4000", "api.mexc.com". */
  readonly exchange: string;
  /** Absent without keys: public data only. */
  readonly accountId: AccountId | undefined;
  readonly places: AppPlaces;
  readonly store: AppStore;
  readonly marketData: MarketData;
  readonly marketFeed: MarketFeed;
  readonly settings: SettingStore;
  /** The trader's own limits, as configured. */
  readonly limits: RiskLimits;

  /** Tells of what should not have been possible and a person has to know: an order nobody placed twice, and the like. */
  onAnomaly(listener: (what: string) => void): void;

  /** Our wall clock, ms. */
  now(): number;

  /** How the connection to the exchange stands at this moment: clocks, limits, pauses. Asks nothing. */
  health(): ExchangeHealth;

  /** A market's rules, read fresh and kept for the orders that follow. @throws AppError SYMBOL_UNKNOWN or unavailable. */
  readInstrument(symbol: MarketSymbol, signal: AbortSignal): Promise<Instrument>;

  /**
   * Connects the private stream and the tickers, loads the instruments, reconciles, and goes on reconciling after each
   * reconnect. Resolves when the first reconcile has ended or failed; failures show in the session state.
   */
  startSession(signal: AbortSignal): Promise<void>;
  /** Points book, tape and candles of the store at a market. Needs a started session. */
  selectMarket(symbol: MarketSymbol, interval: CandleInterval): void;

  /**
   * @param bracket what sells again what a buy fills; armed together with the order
   * @throws AppError KEYS_MISSING without an account, STORAGE_FAILED when the intent could not be made durable.
   */
  placeOrder(draft: OrderDraft, signal: AbortSignal, bracket?: BracketRules): Promise<PlaceOrderResult>;
  testOrder(draft: OrderDraft, signal: AbortSignal): Promise<TestOrderResult>;
  /** What our own rules object to, at this moment. @throws AppError KEYS_MISSING without an account. */
  judgeOrder(draft: OrderDraft, signal: AbortSignal): Promise<readonly Denial[]>;
  cancelOrder(key: OrderKey, signal: AbortSignal): Promise<CancelOrderResult>;
  /** Asks the exchange about one order and its fills. @returns undefined when neither we nor the exchange know it. */
  refreshOrder(key: OrderKey, symbol: MarketSymbol | undefined, signal: AbortSignal): Promise<Order | undefined>;
  /** Goes on asking until the order leaves `submitted` and `unknown`, or the signal aborts. @returns its last state. */
  settleOrder(clientOrderId: ClientOrderId, signal: AbortSignal): Promise<Order>;
  /**
   * When an unproven order was last asked for, and when it will be again; undefined when no process that lives has asked.
   * @param from `here`: as far as this process knows, which costs no look at the disk
   */
  proofLook(clientOrderId: ClientOrderId, from: "here" | "this-machine"): SeenLook | undefined;
  reconcile(signal: AbortSignal): Promise<ReconcileSummary>;
  /** Where our record and the exchange's differ at this moment; changes nothing. */
  compare(signal: AbortSignal): Promise<readonly Difference[]>;
  /** @throws AppError KEYS_MISSING without an account, STORAGE_FAILED when it could not be written. */
  adoptOrder(clientOrderId: ClientOrderId): AdoptOrderResult;
  /**
   * Ends an order whose outcome nothing can prove any more, by a person's word. Sends nothing; refused while the exchange
   * may still tell. @throws AppError like `reconcile`, and STORAGE_FAILED when it could not be written.
   */
  writeOffOrder(clientOrderId: ClientOrderId, words: string, signal: AbortSignal): Promise<WriteOffResult>;
  /** @throws AppError KEYS_MISSING without an account, or when the exchange refuses the key. */
  checkKey(signal: AbortSignal): Promise<KeyReport>;

  /** Stops, targets and the like, which sell for us when a price or a time is reached. */
  readonly protections: Protecting;

  /** What this account pays on a market; undefined where the exchange does not tell, or without an account. */
  readFeeTerms(instrument: Instrument, signal: AbortSignal): Promise<FeeTerms | undefined>;

  /** The end of a position, in one sale. */
  readonly closing: Closing;

  /** The trading state, panic, and the end of every order. */
  readonly safety: Safety;

  /** How the backups by schedule stand. Undefined where none are asked for. */
  readonly backupStatus: (() => BackupStatus) | undefined;

  /** Who acts on protections, and the questions that wait for an answer. */
  readonly guarding: Guarding;
  /** The runs of this home that only guard, and may be asked to end; undefined where no list of them is kept. */
  readonly guardRuns: GuardRuns | undefined;

  /** Pushes the makers of the embedded exchange to a price, through the book. Only in a demo of our own. */
  readonly demoControls: { movePrice(symbol: MarketSymbol, price: Price): Promise<void> } | undefined;

  /** Positions, worth and history of the account. @throws AppError KEYS_MISSING without one. */
  readonly portfolio: PortfolioBooks;

  /** What is stored here, of this account. Undefined without one. Its hash is equal when all that is stored is. */
  readonly stored:
    | {
        readonly orders: OrderStore;
        readonly fills: FillStore;
        readonly archive: Pick<ArchiveStore, "ranges">;
        stateHash(): string;
      }
    | undefined;
  /** Orders of every account and mode this database has seen, newest first. */
  storedOrdersOfAllAccounts(filter: { readonly limit?: number }): readonly StoredOrder[];

  /** Resolves once no work is under way: for tests, and for leaving cleanly. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export type {
  CancelOrderResult,
  Denial,
  Fill,
  KeyReport,
  PlaceOrderResult,
  ReconcileSummary,
  TestOrderResult,
  WriteOffResult,
};
