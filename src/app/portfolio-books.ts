import type { Balance } from "../core/domain/balance.ts";
import type { Drawdown, EquitySample, Figure, Gain } from "../core/domain/equity-history.ts";
import type { BalanceExplanation, SymbolExecution } from "../core/domain/explain-balances.ts";
import type { Asset, MarketSymbol, Timestamp } from "../core/domain/identifiers.ts";
import type { Closing, LotMethod } from "../core/domain/lots.ts";
import type { Notional, Quantity } from "../core/domain/money.ts";
import type { Position, PositionValue } from "../core/domain/position.ts";
import type { ProtectionBadge } from "../core/domain/protection-badge.ts";
import type { StoredTransfer } from "../core/domain/transfer.ts";
import type { Equity, PricePoint } from "../core/domain/valuation.ts";
import type { TransferReading } from "../core/use-cases/pull-transfers.ts";
import type { BalanceProof, ProofWish } from "./runtime/balance-proof.ts";

export type { BalanceProof, ProofWish, TransferReading };

/** A position with all that is said of it. */
export interface PositionReport {
  readonly position: Position;
  /** The market's last price; undefined while it is not known. */
  readonly price: PricePoint | undefined;
  readonly value: PositionValue;
  /** What the exchange holds for us in the base, whatever it came from; undefined while it is not known. */
  readonly balance: Balance | undefined;
  readonly protection: ProtectionBadge;
}

/** One fill behind a position. */
export interface ExplainedFill {
  readonly fill: SymbolExecution;
  /** What a sale closed; undefined for a buy. */
  readonly closing: Closing | undefined;
  /** How much base was held after it. */
  readonly held: Quantity;
  /** Which of its market's closed round trips it belongs to, from 1; undefined for none, and while one is open. */
  readonly trip: number | undefined;
}

/**
 * The books of the account: positions from the stored fills, what everything is worth, how it went. All but `refresh` and
 * `sample` answer at once from what is known; what is not known says so.
 */
export interface PortfolioBooks {
  /** What equity is counted in. */
  readonly quote: Asset;
  /** How lots are counted unless somebody asks for another way. */
  readonly usualMethod: LotMethod;
  /**
   * Brings everything up to date: reconciles, fetches missing fills, prices and transfers, and takes a sample.
   * @throws AppError when the exchange gives no usable answer; what is stored can be looked at all the same.
   */
  refresh(signal: AbortSignal): Promise<void>;
  /** Asks balances, prices and transfers, and keeps a sample of the equity. @throws AppError like `refresh`. */
  sample(signal: AbortSignal): Promise<void>;

  /**
   * Reads the transfers and holds balances against all that is known to have happened since they were last accounted for.
   * @param taken the balances; whatever was filled up to then has to be stored by now. @throws AppError STORAGE_FAILED
   */
  proveBalances(taken: readonly Balance[], wish: ProofWish, signal: AbortSignal): Promise<BalanceProof>;

  /** Of every market with a fill, by symbol; those in which nothing is held any more are among them. */
  positions(method: LotMethod): readonly PositionReport[];
  position(symbol: MarketSymbol, method: LotMethod): PositionReport | undefined;
  /** The fills behind a position, in the order they count, each with what it did. Read anew from the store. */
  why(symbol: MarketSymbol, method: LotMethod): readonly ExplainedFill[];
  /** Markets with fills whose two assets nobody knows, with how many fills. They are in no figure. */
  unreadable(): ReadonlyMap<MarketSymbol, number>;
  /** What a fee in one asset is worth in another; undefined when nobody knows. */
  feeValue(quote: Asset): (asset: Asset, quantity: Quantity) => Notional | undefined;

  /** Undefined while the balances are not known. */
  equity(): Equity | undefined;
  /** Why the balances are what they are, since the first sample. */
  explanation(): Figure<BalanceExplanation>;
  /** How well each kind of transfers is known; empty before the first `sample`. */
  transferReadings(): readonly TransferReading[];
  transfers(since: Timestamp): readonly StoredTransfer[];

  /** Oldest first. */
  samples(since: Timestamp): readonly EquitySample[];
  drawdown(since: Timestamp): Figure<Drawdown>;
  gainSince(from: Timestamp): Figure<Gain>;
  /** Since midnight, UTC. */
  gainToday(): Figure<Gain>;
}
