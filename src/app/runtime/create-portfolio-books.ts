import type { ArchiveRange } from "../../core/domain/archive.ts";
import { holesOf } from "../../core/domain/archive.ts";
import { totalOf } from "../../core/domain/balance.ts";
import type { Balance } from "../../core/domain/balance.ts";
import { measureDrawdown, measureGain } from "../../core/domain/equity-history.ts";
import type { EquitySample } from "../../core/domain/equity-history.ts";
import type { BalanceExplanation, BalanceSnapshot, SymbolExecution } from "../../core/domain/explain-balances.ts";
import { explainBalances } from "../../core/domain/explain-balances.ts";
import type { Asset, MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import { asset } from "../../core/domain/identifiers.ts";
import type { LotMethod } from "../../core/domain/lots.ts";
import { createLotTally } from "../../core/domain/lots.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { minimum } from "../../core/domain/money.ts";
import type { Position } from "../../core/domain/position.ts";
import { valuePosition } from "../../core/domain/position.ts";
import type { ProtectionBadge } from "../../core/domain/protection-badge.ts";
import type { TransferKind } from "../../core/domain/transfer.ts";
import type { Valuer } from "../../core/domain/valuation.ts";
import { createValuer, valueBalances } from "../../core/domain/valuation.ts";
import type { PortfolioStores } from "../../core/ports/portfolio-stores.ts";
import type { SettingStore } from "../../core/ports/stores.ts";
import type { TransferHistory } from "../../core/ports/transfer-history.ts";
import type { TransferReading } from "../../core/use-cases/pull-transfers.ts";
import { pullTransfers } from "../../core/use-cases/pull-transfers.ts";
import { reconcileAccount } from "../../core/use-cases/reconcile-account.ts";
import type { ExplainedFill, PortfolioBooks, PositionReport } from "../portfolio-books.ts";
import type { AppStore } from "../store/create-store.ts";
import { unreadWords } from "../transfer-words.ts";
import { createBalanceProof } from "./balance-proof.ts";
import type { KnownAssets } from "./market-assets.ts";
import { createPositionCache } from "./position-cache.ts";
import type { Trading } from "./trading.ts";

const DAY_MS = 24 * 3_600_000;
/** Markets without anything of ours of late whose lists a refresh asks as well. */
const QUIET_MARKETS = 4;
/** Fills this much older than the first snapshot cannot be in doubt. */
const MARGIN_MS = 60_000;

export interface PortfolioBooksParts {
  readonly trading: Trading;
  readonly store: AppStore;
  readonly stores: PortfolioStores;
  readonly settings: SettingStore;
  readonly knownAssets: KnownAssets;
  readonly history: TransferHistory;
  /** What of the past is whole. */
  readonly ranges: () => readonly ArchiveRange[];
  /** The exchange's time as far as measured. */
  readonly exchangeNow: () => Timestamp;
  readonly usualMethod: LotMethod;
  /** What a trader may rely on for what is held in a market. */
  readonly badgeOf: (symbol: MarketSymbol, held: Quantity) => ProtectionBadge;
}

export function createPortfolioBooks(parts: PortfolioBooksParts): PortfolioBooks {
  const { trading, store, stores, settings, exchangeNow } = parts;
  const { context } = trading;
  const quote = asset("USDT");
  const known = parts.knownAssets;
  const cache = createPositionCache({ log: stores.executions, marketOf });
  let snapshot: BalanceSnapshot | undefined;
  let readings: readonly TransferReading[] = [];
  let kept:
    | { readonly since: Timestamp; readonly newestAt: Timestamp | undefined; readonly samples: readonly EquitySample[] }
    | undefined;
  let valuer: { readonly of: readonly [unknown, unknown]; readonly valuer: Valuer } | undefined;

  function marketOf(symbol: MarketSymbol) {
    const rules = store.getState().instruments.bySymbol.get(symbol);
    if (rules === undefined) {
      const assets = known.of(symbol);
      return assets === undefined ? undefined : { assets };
    }
    known.note(rules);
    return { assets: rules, rules };
  }

  function priceOf(symbol: MarketSymbol) {
    const ticker = store.getState().market.tickers.get(symbol)?.ticker;
    return ticker?.last === undefined ? undefined : { price: ticker.last, at: ticker.at };
  }

  function currentValuer(): Valuer {
    const { instruments, market } = store.getState();
    if (valuer?.of[0] !== instruments.bySymbol || valuer.of[1] !== market.tickers) {
      const made = createValuer(instruments.bySymbol.values(), priceOf);
      valuer = { of: [instruments.bySymbol, market.tickers], valuer: made };
    }
    return valuer.valuer;
  }

  const feeValue: PortfolioBooks["feeValue"] = (inQuote) => (of, quantity) => {
    const worth = currentValuer().worth(of, quantity, inQuote);
    return worth.kind === "known" ? worth.value : undefined;
  };

  function report(position: Position): PositionReport {
    const price = priceOf(position.symbol);
    const balance = balancesKnown()?.get(position.base);
    // Base that came from elsewhere is no part of the position, and what has gone elsewhere cannot be sold.
    const held = balance === undefined ? position.quantity : minimum(position.quantity, totalOf(balance));
    return {
      position,
      price,
      value: valuePosition(position, price?.price, feeValue(position.quote)),
      balance,
      protection: parts.badgeOf(position.symbol, held),
    };
  }

  /** Before the first snapshot the balances say nothing. */
  function balancesKnown(): ReadonlyMap<Asset, Balance> | undefined {
    const { balances, lock } = context.ledger();
    return lock === undefined || snapshot !== undefined ? balances : undefined;
  }

  async function sample(signal: AbortSignal): Promise<void> {
    await context.pricedMarkets(signal);
    const taken = await takeSnapshot(signal);
    await readTransfers(signal);
    keepSample(taken);
  }

  async function takeSnapshot(signal: AbortSignal): Promise<BalanceSnapshot> {
    const balances = await context.accountData.fetchBalances(signal);
    context.publish([{ type: "balances-replaced", balances }]);
    snapshot = snapshotOf(balances);
    return snapshot;
  }

  function snapshotOf(balances: readonly Balance[]): BalanceSnapshot {
    const at = balances.reduce((latest, balance) => Math.max(latest, balance.at), 0) || exchangeNow();
    return { at, totals: new Map(balances.map((balance) => [balance.asset, totalOf(balance)])) };
  }

  function explain(from: BalanceSnapshot, to: BalanceSnapshot): BalanceExplanation {
    const fills: SymbolExecution[] = [];
    stores.executions.visitSince(from.at - MARGIN_MS, (fill) => fills.push(fill));
    const assetsOf = (symbol: MarketSymbol) => marketOf(symbol)?.assets;
    return explainBalances({ from, to, fills, transfers: stores.transfers.list({}), marketOf: assetsOf });
  }

  const prove = createBalanceProof({
    context,
    settings,
    accountId: trading.accountId,
    explain,
    facts: () => ({
      transfers: stores.transfers.list({}),
      holes: holesOf(parts.ranges()),
      marketOf: (symbol) => marketOf(symbol)?.assets,
      unread: readings.flatMap((reading) => unreadWords(reading) ?? []),
    }),
  });

  async function readTransfers(signal: AbortSignal): Promise<void> {
    const keyOf = (kind: TransferKind) => `transfers-until:${trading.accountId}:${kind}`;
    const pulled = {
      history: parts.history,
      store: stores.transfers,
      readUntil: {
        of: (kind: TransferKind) => {
          const kept = settings.get(keyOf(kind));
          return kept !== undefined && /^\d{1,15}$/.test(kept) ? Number(kept) : undefined;
        },
        note: (kind: TransferKind, at: Timestamp) => {
          settings.set(keyOf(kind), String(at));
        },
      },
      valuer: currentValuer(),
      quote,
      now: exchangeNow(),
    };
    readings = await pullTransfers(pulled, signal);
  }

  function keepSample({ at, totals }: BalanceSnapshot): void {
    const balances = [...totals].map(([name, total]) => ({ asset: name, free: total, locked: NOTHING, at }));
    const { known: worth, unknown } = valueBalances(balances, currentValuer(), quote);
    const before = stores.equity.latestTotals();
    const held = new Map([...totals].filter(([, total]) => total !== 0n));
    const isSame = before !== undefined && sameTotals(before, held);
    stores.equity.add({ at, quote, known: worth, unknown, totals: isSame ? undefined : held });
  }

  /** Read again only when one was added: the trips look every other second. */
  function keptSamples(since: Timestamp): readonly EquitySample[] {
    const newestAt = stores.equity.newestAt(Number.MAX_SAFE_INTEGER)?.at;
    if (kept?.since !== since || kept.newestAt !== newestAt) {
      const samples = stores.equity.list({ since }).filter((it) => it.quote === quote);
      kept = { since, newestAt, samples };
    }
    return kept.samples;
  }

  /** The account at this moment; undefined before its balances were asked here. */
  function sampleOfNow(after: Timestamp): EquitySample | undefined {
    const now = books.equity();
    if (now === undefined || snapshot === undefined) return undefined;
    const at = Math.max(exchangeNow(), after + 1);
    return { at, quote, known: now.known, unknown: now.unknown, totals: undefined };
  }

  const books: PortfolioBooks = {
    quote,
    usualMethod: parts.usualMethod,
    sample,
    async refresh(signal) {
      // The balances first: a fill that comes to light after them is younger, or it is in them.
      await sample(signal);
      await reconcileAccount(context, signal);
      await trading.archive.pull(QUIET_MARKETS, signal);
    },
    async proveBalances(taken, wish, signal) {
      await readTransfers(signal);
      return prove(snapshotOf(taken), wish);
    },
    positions: (method) => cache.all(method).map(report),
    position(symbol, method) {
      const position = cache.of(symbol, method);
      return position === undefined ? undefined : report(position);
    },
    why(symbol, method) {
      const market = marketOf(symbol);
      if (market === undefined) return [];
      const tally = createLotTally(market.assets, method);
      const explained: ExplainedFill[] = [];
      const trips = cache.of(symbol, method)?.roundTrips ?? [];
      let [trip, isInside] = [0, false];
      const { executions } = stores;
      executions.visit({ symbol, upTo: executions.mark() }, (fill) => {
        const closing = tally.add(fill);
        isInside ||= trips[trip]?.opening === fill.tradeId;
        explained.push({ fill, closing, held: tally.held, trip: isInside ? trip + 1 : undefined });
        if (isInside && trips[trip]?.closing === fill.tradeId) [trip, isInside] = [trip + 1, false];
      });
      return explained;
    },
    unreadable: cache.unreadable,
    feeValue,
    equity() {
      const balances = balancesKnown();
      return balances === undefined ? undefined : valueBalances(balances.values(), currentValuer(), quote);
    },
    explanation() {
      const first = stores.equity.first();
      if (first?.totals === undefined) return { kind: "unknown", reason: "no balances have been kept yet" };
      if (snapshot === undefined) return { kind: "unknown", reason: "the balances have not been asked" };
      if (snapshot.at <= first.at) {
        return { kind: "unknown", reason: "the first balances were kept just now; from here on they have to add up" };
      }
      return { kind: "known", value: explain({ at: first.at, totals: first.totals }, snapshot) };
    },
    transferReadings: () => readings,
    transfers: (since) => stores.transfers.list({ since }),
    samples: (since) => stores.equity.list({ since }),
    drawdown(since) {
      const samples = keptSamples(since);
      const now = sampleOfNow(samples.at(-1)?.at ?? 0);
      return measureDrawdown(now === undefined ? samples : [...samples, now], stores.transfers.list({}));
    },
    gainSince(from) {
      const start = stores.equity.newestAt(from) ?? stores.equity.first();
      const now = start === undefined ? undefined : sampleOfNow(start.at);
      if (start === undefined || now === undefined) {
        return { kind: "unknown", reason: "the account's worth is not known at both ends of the time" };
      }
      return measureGain([start, now], stores.transfers.list({}), from);
    },
    gainToday: () => books.gainSince(Math.floor(exchangeNow() / DAY_MS) * DAY_MS),
  };
  return books;
}

const NOTHING = 0n as Quantity;

function sameTotals(left: ReadonlyMap<Asset, Quantity>, right: ReadonlyMap<Asset, Quantity>): boolean {
  return left.size === right.size && [...left].every(([name, total]) => right.get(name) === total);
}
