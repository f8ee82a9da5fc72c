import type { DomainEvent } from "../domain/events.ts";
import type { Fill } from "../domain/fill.ts";
import type { ClientOrderId, MarketSymbol, OrderId, Timestamp } from "../domain/identifiers.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { Order } from "../domain/order.ts";
import type { PricedMarket } from "../domain/risk-account.ts";
import type { RiskLimits } from "../domain/risk-request.ts";
import type { TradingLedger } from "../domain/trading-ledger.ts";
import type { AccountData } from "../ports/account-data.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExchangeGateway } from "../ports/exchange-gateway.ts";
import type { IdSource } from "../ports/id-source.ts";
import type { Fence, StoreMark } from "../ports/journal.ts";

/** What every trading use-case works with. */
export interface TradingContext {
  readonly gateway: ExchangeGateway;
  readonly accountData: AccountData;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: RiskLimits;
  /** Rules of a market as last read; read when needed. @throws AppError SYMBOL_UNKNOWN or unavailable. */
  instrument(symbol: MarketSymbol, signal: AbortSignal): Promise<Instrument>;
  /** Every market with its newest price, for what the account is worth. @throws AppError when they cannot be read. */
  pricedMarkets(signal: AbortSignal): Promise<readonly PricedMarket[]>;
  /** The present state; never kept over an await. Ended orders may be in the store alone: `recall` finds them. */
  ledger(): TradingLedger;
  /** The order, wherever it is held; from then on it is in the ledger. */
  recall(clientOrderId: ClientOrderId): Order | undefined;
  /** Everything that may still trade, what other processes have begun included; it is in the ledger then. */
  recallWorking(): readonly Order[];
  /**
   * Takes over what other processes have done of late: what they left working or unproven, and what of theirs has ended.
   * @returns the mark of the store as it then is, for an intent that follows from it
   */
  adoptOrders(): StoreMark;
  /** Takes over the trading state as any process has set it. @returns whether it was another one. */
  adoptState(): boolean;
  /** Takes over the protections as any process has changed them. */
  adoptProtections(): void;
  /** The key that a report or a fill belongs under; what the store knows of its order is in the ledger then. */
  keyOf(seen: { readonly orderId: OrderId; readonly clientOrderId?: ClientOrderId }): ClientOrderId;
  /** Whether a fill needs no telling, because it is held or stored. */
  isKnownFill(fill: Fill): boolean;
  /** The markets in which an order of ours changed or was filled since. */
  symbolsSince(since: Timestamp): ReadonlySet<MarketSymbol>;
  /**
   * The one sink: journals durably, then reduces. Events that announce an effect (an intent) throw AppError
   * STORAGE_FAILED when they could not be written, so that the effect never happens.
   * @param fence what must still hold: the commit fails with LEASE_LOST or POSITION_CHANGED when it does not
   * @param basis what was looked at: the commit fails with CHANGED_MEANWHILE when another process has written since
   */
  publish(events: readonly DomainEvent[], fence?: Fence, basis?: StoreMark): void;
}
