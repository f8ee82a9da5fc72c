import type { WatchedMarket, WatchedMarkets, WatchState } from "../../../core/domain/guard-lease.ts";
import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import {
  elapsedMs,
  exchangeTime,
  latest,
  onExchangeClock,
  onOurClock,
  shifted,
} from "../../../core/domain/exchange-time.ts";
import type { Price } from "../../../core/domain/money.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import type { BookTop } from "../../../core/domain/ticker.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { MarketEvent, MarketFeed, Subscription } from "../../../core/ports/market-feed.ts";

/** A break no longer than this, in one and the same holder, hides nothing that a person would have to judge, ms. */
export const SHORT_BREAK_MS = 15_000;
/** A stream that says nothing for this long is asked after by REST, again and again while it stays silent, ms. */
const SILENCE_MS = 5_000;
const REFUSED_RETRY_MS = 30_000;
/** The stream is this far behind what happens at most, while it lives, ms. */
const SETTLE_MS = 2_000;
/** REST tells no more trades at once. */
export const MOST_TOLD = 1_000;
const GAP_RETRY_MS = 1_000;
/** What arrives while a gap is looked into waits here; beyond this the look has to be taken again. */
const MOST_WAITING = 20_000;
const NEVER = exchangeTime(0);

/** Sees every print and every best price of the markets it is told to, and knows when it did not. */
export interface MarketWatch {
  /** Watches exactly these, going on from what was seen before. */
  watch(symbols: ReadonlySet<MarketSymbol>): void;
  /** Whether nothing that happened before is still to be looked into. */
  isGapClosed(symbol: MarketSymbol): boolean;
  /** When it is for the exchange, as far as we know. */
  exchangeNow(): ExchangeTime;
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
  /** The exchange's clock minus ours, as far as it is known, ms. */
  readonly clockOffsetMs: () => number;
  /** What the last holder saw. */
  readonly before: WatchedMarkets;
  readonly onObservation: (symbol: MarketSymbol, observation: Observation) => void;
  /** Looks into what happened since; rejects when it could not, and is called again. */
  readonly lookIntoGap: (symbol: MarketSymbol, since: ExchangeTime | undefined, signal: AbortSignal) => Promise<void>;
  /** A break too long to go on as if nothing had been; comes before `lookIntoGap`. */
  readonly onGap: (symbol: MarketSymbol) => void;
  readonly onWatching: (symbol: MarketSymbol) => void;
  readonly onRefused: (symbol: MarketSymbol, reason: string, retryMs: number) => void;
  readonly onGapFailed: (symbol: MarketSymbol, cause: unknown) => void;
  /** What the exchange tells by REST of a market whose stream is silent; rejects when it does not answer. */
  readonly askAfter: (symbol: MarketSymbol, signal: AbortSignal) => Promise<MarketNow>;
}

/** A market as REST tells it. */
export interface MarketNow {
  /** The latest trades, oldest first, as far back as the exchange tells. */
  readonly trades: readonly PublicTrade[];
  readonly top: BookTop;
}

interface Watched {
  readonly symbol: MarketSymbol;
  subscriptions: readonly Subscription[];
  state: WatchState;
  /** The stream of best prices has told since it was last lost. */
  hasTop: boolean;
  /** Until when every trade was seen, by the exchange's clock. */
  seenUntil: ExchangeTime | undefined;
  /** When the stream last told of a trade, and of the best prices, monotonic; before that, when it was asked to. */
  heardAt: { trades: number; top: number };
  /** The time of the newest trade that counts as seen; what the stream tells late of before counts once. */
  newestTradeAt: ExchangeTime;
  /** Until when REST has told the trades. */
  askedUntil: ExchangeTime;
  /** Since when it has been watched without a break, by the exchange's clock. */
  watchedFrom: ExchangeTime;
  /** When REST was last asked, monotonic. */
  askedAt: number;
  isAsking: boolean;
  /** Whether this holder has watched it before: then a short break is no gap. */
  wasWatched: boolean;
  /** This process stood still; what passed meanwhile is not looked into yet. */
  hasSlept: boolean;
  quote: Observation | undefined;
  waiting: Observation[];
}

export function createMarketWatch(parts: MarketWatchParts): MarketWatch {
  const { feed, clock } = parts;
  const exchangeNow = () => onExchangeClock(clock.now(), parts.clockOffsetMs());
  const markets = new Map<MarketSymbol, Watched>();
  const lifetime = new AbortController();
  let isLost = false;
  let aliveAt = { wall: clock.now(), monotonic: clock.monotonic() };
  const connection = feed.onConnection((state) => {
    noteAlive();
    if (state.kind === "connected") isLost = false;
    if (state.kind !== "waiting") return;
    isLost = true;
    for (const market of markets.values()) {
      market.hasTop = false;
      interrupt(market);
    }
  });

  /** A process that was stopped, or a machine that slept, finds old prints in its buffers: nobody watched those. */
  function noteAlive(): void {
    const now = { wall: clock.now(), monotonic: clock.monotonic() };
    const pauseMs = Math.max(now.wall - aliveAt.wall, now.monotonic - aliveAt.monotonic);
    aliveAt = now;
    if (pauseMs <= SHORT_BREAK_MS) return;
    for (const market of markets.values()) {
      market.hasSlept = true;
      interrupt(market);
      begin(market);
    }
  }

  function interrupt(market: Watched): void {
    if (market.state === "watching" || market.state === "checking") market.state = "waiting";
  }

  /** The stream is there: from now on nothing is missed. What was before is looked into first, unless it was short. */
  function begin(market: Watched, isToldByRest = false): void {
    if (market.state !== "waiting" || (!market.hasTop && !isToldByRest) || isLost) return;
    const { seenUntil } = market;
    const breakMs = seenUntil === undefined ? undefined : Math.abs(elapsedMs(seenUntil, exchangeNow()));
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
    market.hasSlept = false;
    market.seenUntil = exchangeNow();
    market.watchedFrom = market.seenUntil;
    market.heardAt = { trades: clock.monotonic(), top: clock.monotonic() };
    parts.onWatching(market.symbol);
  }

  function observe(market: Watched, observation: Observation): void {
    const { at: _at, printedAt: _printedAt, ...prices } = observation;
    market.quote = { ...market.quote, ...prices, at: clock.now() };
    if (market.state === "checking") {
      if (market.waiting.push(observation) > MOST_WAITING) interrupt(market);
    }
    if (market.state === "watching") parts.onObservation(market.symbol, observation);
  }

  function observeTrades(market: Watched, trades: readonly PublicTrade[]): void {
    market.heardAt.trades = clock.monotonic();
    if (market.state === "watching") market.seenUntil = exchangeNow();
    for (const trade of trades) {
      const { price } = trade;
      const at = exchangeTime(trade.at);
      // Told by REST already: the same print again is no second one.
      if (at <= market.askedUntil) continue;
      market.newestTradeAt = latest(market.newestTradeAt, at);
      observe(market, { last: price, at: clock.now(), printedAt: at });
    }
  }

  function observeTop(market: Watched, bid: Price | undefined, ask: Price | undefined): void {
    market.heardAt.top = clock.monotonic();
    const prices = { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
    const last = market.quote?.last;
    market.quote = { ...(last === undefined ? {} : { last }), ...prices, at: clock.now() };
    begin(market);
    observe(market, { ...prices, at: clock.now() });
  }

  /**
   * A stream can be dead while its connection lives, one channel beside another that tells. While a market is silent,
   * REST says whether that is true, and tells what was missed; without its answer the market soon counts as unwatched.
   */
  async function askAfter(market: Watched): Promise<void> {
    market.isAsking = true;
    market.askedAt = clock.monotonic();
    const askedAt = exchangeNow();
    try {
      const { trades, top } = await parts.askAfter(market.symbol, lifetime.signal);
      if (markets.get(market.symbol) !== market) return;
      begin(market, true);
      if (market.state !== "watching") return;
      // What is younger than this may still be on its way by the stream.
      const settledUntil = shifted(askedAt, -SETTLE_MS);
      const seenUntil = latest(market.newestTradeAt, market.askedUntil, market.watchedFrom);
      const told = trades.map(({ price, at }) => ({ price, at: exchangeTime(at) }));
      const missed = told.filter(({ at }) => at > seenUntil && at <= settledUntil);
      const oldest = told[0];
      const isWhole = oldest === undefined || oldest.at <= seenUntil || trades.length < MOST_TOLD;
      if (missed.length > 0 && (!isWhole || elapsedMs(market.seenUntil ?? NEVER, askedAt) > SHORT_BREAK_MS)) {
        interrupt(market);
        begin(market, true);
        return;
      }
      market.askedUntil = latest(market.askedUntil, missed.at(-1)?.at ?? NEVER);
      market.seenUntil = latest(market.seenUntil ?? NEVER, settledUntil);
      const offsetMs = parts.clockOffsetMs();
      for (const { price, at } of missed) observe(market, { last: price, at: onOurClock(at, offsetMs), printedAt: at });
      observeTop(market, top.bid?.price, top.ask?.price);
    } catch {
      // Without an answer nothing is known of it: the time without news goes on, and ends the watch.
    } finally {
      market.isAsking = false;
    }
  }

  function accept(market: Watched, event: MarketEvent): void {
    noteAlive();
    switch (event.type) {
      case "trades":
        observeTrades(market, event.trades);
        return;
      case "book-top":
        market.hasTop = true;
        observeTop(market, event.top.bid?.price, event.top.ask?.price);
        return;
      case "refused":
        refuse(market, event.reason);
        return;
      case "book":
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
    market.heardAt = { trades: clock.monotonic(), top: clock.monotonic() };
    // Best prices, and not the book: that needs a snapshot by REST, which the exchange may refuse for minutes.
    market.subscriptions = (["trades", "book-top"] as const).map((kind) => feed.subscribe({ kind, symbol }, listener));
  }

  function letGo(market: Watched): void {
    for (const subscription of market.subscriptions) subscription.close();
    market.subscriptions = [];
    market.hasTop = false;
  }

  function add(symbol: MarketSymbol): void {
    const seen = parts.before[symbol]?.seenUntil;
    const market: Watched = {
      ...{ symbol, subscriptions: [], state: "waiting", hasTop: false },
      ...{
        seenUntil: seen,
        heardAt: { trades: 0, top: 0 },
        newestTradeAt: NEVER,
        askedUntil: NEVER,
        watchedFrom: NEVER,
        askedAt: 0,
        isAsking: false,
      },
      ...{ wasWatched: false, hasSlept: false, quote: undefined, waiting: [] },
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
      // Whatever wakes a process that stood still asks first of all: a time that passed meanwhile must not sell.
      noteAlive();
      const market = markets.get(symbol);
      return market?.wasWatched === true && market.state !== "checking" && !market.hasSlept;
    },
    exchangeNow,
    quote: (symbol) => markets.get(symbol)?.quote,
    view: () => Object.fromEntries([...markets].map(([symbol, market]) => [symbol, viewOf(market)])),
    tick() {
      noteAlive();
      for (const market of markets.values()) {
        if (market.state !== "watching" && market.state !== "waiting") continue;
        if (Math.abs(elapsedMs(market.seenUntil ?? NEVER, exchangeNow())) > SHORT_BREAK_MS) interrupt(market);
        const heardAt = Math.max(Math.min(market.heardAt.trades, market.heardAt.top), market.askedAt);
        const isSilent = clock.monotonic() - heardAt >= SILENCE_MS;
        if (isSilent && !market.isAsking && !isLost) void askAfter(market);
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
