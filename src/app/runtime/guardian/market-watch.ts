import type { WatchedMarket, WatchedMarkets, WatchState } from "../../../core/domain/guard-lease.ts";
import type { MarketSymbol, Timestamp } from "../../../core/domain/identifiers.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { MarketEvent, MarketFeed, Subscription } from "../../../core/ports/market-feed.ts";

/** A break no longer than this, in one and the same holder, hides nothing that a person would have to judge, ms. */
export const SHORT_BREAK_MS = 15_000;
const REFUSED_RETRY_MS = 30_000;
const GAP_RETRY_MS = 1_000;
/** What arrives while a gap is looked into waits here; beyond this the look has to be taken again. */
const MOST_WAITING = 20_000;

/** Sees every print and every best price of the markets it is told to, and knows when it did not. */
export interface MarketWatch {
  /** Watches exactly these, going on from what was seen before. */
  watch(symbols: ReadonlySet<MarketSymbol>): void;
  /** Whether nothing that happened before is still to be looked into. */
  isGapClosed(symbol: MarketSymbol): boolean;
  /** The newest of each price, for an exit. */
  quote(symbol: MarketSymbol): Observation | undefined;
  /** How far each is seen. */
  view(): WatchedMarkets;
  /** To be called at least every second: notices that time has passed without us. */
  tick(): void;
  close(): void;
}

export interface MarketWatchParts {
  readonly feed: MarketFeed;
  readonly clock: Clock;
  /** The exchange's clock as far as we know it, ms. */
  readonly exchangeNow: () => Timestamp;
  /** What the last holder saw. */
  readonly before: WatchedMarkets;
  readonly onObservation: (symbol: MarketSymbol, observation: Observation) => void;
  /** Looks into what happened since; rejects when it could not, and is called again. */
  readonly lookIntoGap: (symbol: MarketSymbol, since: Timestamp | undefined, signal: AbortSignal) => Promise<void>;
  /** A break too long to go on as if nothing had been; comes before `lookIntoGap`. */
  readonly onGap: (symbol: MarketSymbol) => void;
  readonly onWatching: (symbol: MarketSymbol) => void;
  readonly onRefused: (symbol: MarketSymbol, reason: string, retryMs: number) => void;
  readonly onGapFailed: (symbol: MarketSymbol, cause: unknown) => void;
}

interface Watched {
  readonly symbol: MarketSymbol;
  subscriptions: readonly Subscription[];
  state: WatchState;
  isBookLive: boolean;
  /** Since when the book has not been live, monotonic. */
  bookLostAt: number;
  seenUntil: Timestamp | undefined;
  /** Whether this holder has watched it before: then a short break is no gap. */
  wasWatched: boolean;
  quote: Observation | undefined;
  waiting: Observation[];
}

export function createMarketWatch(parts: MarketWatchParts): MarketWatch {
  const { feed, clock } = parts;
  const markets = new Map<MarketSymbol, Watched>();
  const lifetime = new AbortController();
  let isLost = false;
  let aliveAt = { wall: clock.now(), monotonic: clock.monotonic() };
  const connection = feed.onConnection((state) => {
    noteAlive();
    if (state.kind === "connected") isLost = false;
    if (state.kind !== "waiting") return;
    isLost = true;
    for (const market of markets.values()) interrupt(market);
  });

  /** A process that was stopped, or a machine that slept, finds old prints in its buffers: nobody watched those. */
  function noteAlive(): void {
    const now = { wall: clock.now(), monotonic: clock.monotonic() };
    const pauseMs = Math.max(now.wall - aliveAt.wall, now.monotonic - aliveAt.monotonic);
    aliveAt = now;
    if (pauseMs <= SHORT_BREAK_MS) return;
    for (const market of markets.values()) {
      interrupt(market);
      begin(market);
    }
  }

  function interrupt(market: Watched): void {
    if (market.state === "watching" || market.state === "checking") market.state = "waiting";
  }

  /** The stream is there: from now on nothing is missed. What was before is looked into first, unless it was short. */
  function begin(market: Watched): void {
    if (market.state !== "waiting" || !market.isBookLive || isLost) return;
    const { seenUntil } = market;
    const breakMs = seenUntil === undefined ? undefined : Math.abs(parts.exchangeNow() - seenUntil);
    if (market.wasWatched && breakMs !== undefined && breakMs <= SHORT_BREAK_MS) {
      becomeWatched(market);
      return;
    }
    market.state = "checking";
    market.waiting = [];
    parts.onGap(market.symbol);
    void lookIntoGap(market);
  }

  async function lookIntoGap(market: Watched): Promise<void> {
    const isStill = () => markets.get(market.symbol) === market && market.state === "checking";
    const { waiting } = market;
    while (isStill() && market.waiting === waiting) {
      try {
        await parts.lookIntoGap(market.symbol, market.seenUntil, lifetime.signal);
        if (!isStill() || market.waiting !== waiting) return;
        becomeWatched(market);
        for (const observation of waiting.splice(0)) parts.onObservation(market.symbol, observation);
        return;
      } catch (cause) {
        if (lifetime.signal.aborted) return;
        parts.onGapFailed(market.symbol, cause);
        await clock.sleep(GAP_RETRY_MS, lifetime.signal).catch(() => undefined);
      }
    }
  }

  function becomeWatched(market: Watched): void {
    market.state = "watching";
    market.wasWatched = true;
    market.seenUntil = parts.exchangeNow();
    parts.onWatching(market.symbol);
  }

  function observe(market: Watched, observation: Observation): void {
    const { at: _at, ...prices } = observation;
    market.quote = { ...market.quote, ...prices, at: clock.now() };
    if (market.state === "checking") {
      if (market.waiting.push(observation) > MOST_WAITING) interrupt(market);
    }
    if (market.state !== "watching") return;
    market.seenUntil = parts.exchangeNow();
    parts.onObservation(market.symbol, observation);
  }

  function accept(market: Watched, event: MarketEvent): void {
    noteAlive();
    switch (event.type) {
      case "trades":
        for (const trade of event.trades) observe(market, { last: trade.price, at: clock.now() });
        return;
      case "book": {
        if (market.isBookLive && event.state !== "live") market.bookLostAt = clock.monotonic();
        market.isBookLive = event.state === "live";
        if (!market.isBookLive) return;
        const [bid, ask] = [event.ladder.best("buy")?.price, event.ladder.best("sell")?.price];
        const prices = { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
        market.quote = {
          ...(market.quote?.last === undefined ? {} : { last: market.quote.last }),
          ...prices,
          at: clock.now(),
        };
        begin(market);
        observe(market, { ...prices, at: clock.now() });
        return;
      }
      case "refused":
        refuse(market, event.reason);
        return;
      case "book-top":
      case "candle":
      case "tickers":
        return;
    }
  }

  function refuse(market: Watched, reason: string): void {
    letGo(market);
    market.state = "refused";
    parts.onRefused(market.symbol, reason, REFUSED_RETRY_MS);
    void clock.sleep(REFUSED_RETRY_MS, lifetime.signal).then(
      () => {
        if (markets.get(market.symbol) !== market || market.state !== "refused") return;
        market.state = "waiting";
        subscribe(market);
      },
      () => undefined,
    );
  }

  function subscribe(market: Watched): void {
    const { symbol } = market;
    const listener = (event: MarketEvent) => {
      if (markets.get(symbol) === market && market.state !== "refused") accept(market, event);
    };
    market.subscriptions = (["trades", "book"] as const).map((kind) => feed.subscribe({ kind, symbol }, listener));
  }

  function letGo(market: Watched): void {
    for (const subscription of market.subscriptions) subscription.close();
    market.subscriptions = [];
    market.isBookLive = false;
  }

  function add(symbol: MarketSymbol): void {
    const seen = parts.before[symbol]?.seenUntil;
    const market: Watched = {
      ...{ symbol, subscriptions: [], state: "waiting", isBookLive: false, bookLostAt: clock.monotonic() },
      ...{ seenUntil: seen, wasWatched: false, quote: undefined, waiting: [] },
    };
    markets.set(symbol, market);
    subscribe(market);
  }

  function viewOf(market: Watched): WatchedMarket {
    const { state, seenUntil, quote } = market;
    const lastPrice = quote?.last ?? quote?.bid;
    return {
      state,
      ...(seenUntil === undefined ? {} : { seenUntil }),
      ...(lastPrice === undefined ? {} : { lastPrice }),
    };
  }

  return {
    watch(symbols) {
      for (const market of [...markets.values()]) {
        if (symbols.has(market.symbol)) continue;
        markets.delete(market.symbol);
        letGo(market);
      }
      for (const symbol of symbols) if (!markets.has(symbol)) add(symbol);
    },
    isGapClosed(symbol) {
      const market = markets.get(symbol);
      return market?.wasWatched === true && market.state !== "checking";
    },
    quote: (symbol) => markets.get(symbol)?.quote,
    view: () => Object.fromEntries([...markets].map(([symbol, market]) => [symbol, viewOf(market)])),
    tick() {
      noteAlive();
      for (const market of markets.values()) {
        const isBookGone = !market.isBookLive && clock.monotonic() - market.bookLostAt > SHORT_BREAK_MS;
        if (isBookGone && market.state === "watching") interrupt(market);
      }
    },
    close() {
      lifetime.abort(new Error("the watch is closing"));
      connection.close();
      for (const market of markets.values()) letGo(market);
      markets.clear();
    },
  };
}
