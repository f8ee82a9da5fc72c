import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import { elapsedMs, exchangeTime, latest, onOurClock, shifted } from "../../../core/domain/exchange-time.ts";
import type { WatchedMarkets } from "../../../core/domain/guard-lease.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Price } from "../../../core/domain/money.ts";
import type { PublicTrade } from "../../../core/domain/public-trade.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { MarketEvent, MarketFeed } from "../../../core/ports/market-feed.ts";
import type { ClockReading } from "./exchange-now.ts";
import { createExchangeNow } from "./exchange-now.ts";
import type { MarketsByRest } from "./markets-by-rest.ts";
import { MOST_TOLD, RETRY_MS, untilTold } from "./markets-by-rest.ts";
import { NEVER, reachesBack } from "./seen-trades.ts";
import type { Heard, Watched } from "./watched-market.ts";
import { createWatched, notePrices, viewOf } from "./watched-market.ts";

/** A break no longer than this, in one and the same holder, hides nothing that a person would have to judge, ms. */
export const SHORT_BREAK_MS = 15_000;
/** What a short break hid is waited for this long before what the stream tells now counts without it, ms. */
const CATCH_UP_MS = 3_000;
const REFUSED_RETRY_MS = 30_000;
/** The stream is this far behind what happens at most, while it lives, ms. */
const SETTLE_MS = 2_000;
/** What arrives while a gap is looked into waits here; beyond this the look has to be taken again. */
const MOST_WAITING = 20_000;

/** Sees every print and every best price of the markets it is told to, and knows when it did not. */
export interface MarketWatch {
  /** Watches exactly these, going on from what was seen before. */
  watch(symbols: ReadonlySet<MarketSymbol>): void;
  /** Whether nothing that happened before is still to be looked into. */
  isGapClosed(symbol: MarketSymbol): boolean;
  /** It is no later than this for the exchange, whatever we do not know of its clock. */
  latestExchangeNow(): ExchangeTime;
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
  readonly clockReading: () => ClockReading;
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
  /** What the exchange tells by REST. */
  readonly rest: MarketsByRest;
}

export function createMarketWatch(parts: MarketWatchParts): MarketWatch {
  const { feed, clock, rest } = parts;
  const exchange = createExchangeNow(clock, parts.clockReading);
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

  /** The stream is there: from now on nothing is missed. What was before is asked for first. */
  function begin(market: Watched, isToldByRest = false): void {
    if (market.state !== "waiting" || (!market.hasTop && !isToldByRest) || isLost) return;
    const { seenUntil } = market;
    const breakMs = seenUntil === undefined ? undefined : Math.abs(elapsedMs(seenUntil, exchange.now()));
    market.state = "checking";
    market.waiting = [];
    if (market.wasWatched && breakMs !== undefined && breakMs <= SHORT_BREAK_MS) {
      void catchUp(market);
      return;
    }
    parts.onGap(market.symbol);
    void lookIntoGap(market);
  }

  /** Whether this look is still the one that a market waits for. */
  function isStill(market: Watched, waiting: Heard[]): boolean {
    return markets.get(market.symbol) === market && market.state === "checking" && market.waiting === waiting;
  }

  /** @returns whether the exchange told what happened before that was no longer wanted */
  async function untilLooked(
    { symbol }: Watched,
    since: () => ExchangeTime | undefined,
    isWanted: () => boolean,
  ): Promise<boolean> {
    while (isWanted()) {
      try {
        await parts.lookIntoGap(symbol, since(), lifetime.signal);
        return true;
      } catch (cause) {
        if (lifetime.signal.aborted) return false;
        parts.onGapFailed(symbol, cause);
        await clock.sleep(RETRY_MS, lifetime.signal).catch(() => undefined);
      }
    }
    return false;
  }

  async function lookIntoGap(market: Watched): Promise<void> {
    const { waiting } = market;
    const isWanted = () => isStill(market, waiting);
    if (!(await untilLooked(market, () => market.hiddenSince ?? market.seenUntil, isWanted)) || !isWanted()) return;
    market.trades.begin(exchange.now());
    market.hiddenSince = undefined;
    becomeWatched(market);
  }

  /**
   * After a short break: its prints are told late, in front of what the stream tells since. When REST does not tell them
   * soon, the stream counts at once without them, and what they hid is asked about as soon as REST answers.
   */
  async function catchUp(market: Watched): Promise<void> {
    const { waiting, symbol } = market;
    const since = market.trades.until;
    market.hiddenSince ??= market.seenUntil;
    const patience = new AbortController();
    const signal = AbortSignal.any([lifetime.signal, patience.signal]);
    void clock.sleep(CATCH_UP_MS, signal).then(
      () => {
        patience.abort(new Error("the stream goes on without it"));
      },
      () => undefined,
    );
    const told = await untilTold(rest, clock, symbol, signal);
    patience.abort(new Error("it is told"));
    if (!isStill(market, waiting)) return;
    if (told === undefined) {
      becomeWatched(market);
      void lookBack(market);
      return;
    }
    if (!reachesBack(told, since, MOST_TOLD)) {
      parts.onGap(symbol);
      void lookIntoGap(market);
      return;
    }
    // From its first print on the stream tells them itself.
    const first = waiting.find(({ trade }) => trade !== undefined)?.trade;
    const missed = market.trades.fill(told, first === undefined ? undefined : shifted(exchangeTime(first.at), -1));
    market.hiddenSince = undefined;
    becomeWatched(market, missed);
  }

  /** Asks about what a short break hid, while the market is watched again already. */
  async function lookBack(market: Watched): Promise<void> {
    const since = market.hiddenSince;
    const isWanted = () =>
      markets.get(market.symbol) === market && market.state === "watching" && market.hiddenSince === since;
    if ((await untilLooked(market, () => since, isWanted)) && market.hiddenSince === since)
      market.hiddenSince = undefined;
  }

  /** @param missed what the stream did not tell, oldest first */
  function becomeWatched(market: Watched, missed: readonly PublicTrade[] = []): void {
    market.state = "watching";
    market.wasWatched = true;
    market.hasSlept = false;
    market.seenUntil = exchange.now();
    for (const silence of Object.values(market.silence)) silence.heard();
    parts.onWatching(market.symbol);
    tellMissed(market, missed);
    for (const heard of market.waiting.splice(0)) tell(market, heard);
  }

  function tellMissed(market: Watched, missed: readonly PublicTrade[]): void {
    const { offsetMs } = parts.clockReading();
    for (const { price, at } of missed) {
      const printedAt = exchangeTime(at);
      const observation = { last: price, at: onOurClock(printedAt, offsetMs), printedAt };
      notePrices(market, observation, clock);
      if (market.state === "watching") parts.onObservation(market.symbol, observation);
    }
  }

  /** Told to whoever guards, or put aside until what was before is known. */
  function hear(market: Watched, heard: Heard): void {
    if (market.state === "watching") tell(market, heard);
    if (market.state === "checking" && market.waiting.push(heard) > MOST_WAITING) interrupt(market);
  }

  function tell(market: Watched, { observation, trade }: Heard): void {
    if (trade !== undefined && !market.trades.take(trade)) return;
    if (market.state === "watching") parts.onObservation(market.symbol, observation);
  }

  function observeTrades(market: Watched, trades: readonly PublicTrade[]): void {
    market.silence.trades.heard();
    if (market.state === "watching") market.seenUntil = exchange.now();
    for (const trade of trades) {
      const printedAt = exchangeTime(trade.at);
      exchange.heard(printedAt);
      market.trades.count(trade);
      notePrices(market, { last: trade.price }, clock);
      hear(market, { trade, observation: { last: trade.price, at: clock.now(), printedAt } });
    }
  }

  function observeTop(market: Watched, bid: Price | undefined, ask: Price | undefined): void {
    market.silence.top.heard();
    const prices = { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) };
    const last = market.quote?.last;
    market.quote = { ...(last === undefined ? {} : { last }), ...prices, at: clock.now() };
    begin(market);
    hear(market, { observation: { ...prices, at: clock.now() } });
  }

  /**
   * A channel can be dead while its connection lives, one beside another that tells. While a market's trades are silent,
   * REST says whether anything was traded, and if so tells what was missed; without its answer the market soon counts as
   * unwatched.
   */
  async function askAfterTrades(market: Watched): Promise<void> {
    const { silence, symbol, trades } = market;
    silence.trades.asking();
    try {
      const askedAt = exchange.now();
      const minutes = await rest.minutes(symbol, lifetime.signal);
      if (!trades.agreesWith(minutes)) {
        const told = await rest.trades(symbol, lifetime.signal);
        if (markets.get(symbol) !== market || market.state !== "watching") return;
        trades.learn(minutes);
        if (!takeMissed(market, told, shifted(askedAt, -SETTLE_MS))) return;
      }
      if (markets.get(symbol) !== market || market.state !== "watching") return;
      // What is younger than this may still be on its way by the stream.
      market.seenUntil = latest(market.seenUntil ?? NEVER, shifted(askedAt, -SETTLE_MS));
      silence.trades.answered();
    } catch {
      // Without an answer nothing is known of it: the time without news goes on, and ends the watch.
    } finally {
      if (silence.trades.isAsking) silence.trades.failed();
    }
  }

  /** @returns whether it could: what is older than a short break, or further back than REST tells, is a gap */
  function takeMissed(market: Watched, told: readonly PublicTrade[], settledUntil: ExchangeTime): boolean {
    const isWhole = reachesBack(told, market.trades.until, MOST_TOLD);
    const missed = market.trades.fill(told, settledUntil);
    const silentMs = elapsedMs(market.seenUntil ?? NEVER, exchange.now());
    if (missed.length > 0 && (!isWhole || silentMs > SHORT_BREAK_MS)) {
      interrupt(market);
      begin(market, true);
      return false;
    }
    tellMissed(market, missed);
    return true;
  }

  /** One question for all that are silent. */
  async function askAfterTops(silent: readonly Watched[]): Promise<void> {
    for (const { silence } of silent) silence.top.asking();
    try {
      const tops = new Map((await rest.tops(lifetime.signal)).map((top) => [top.symbol, top]));
      for (const market of silent) {
        if (markets.get(market.symbol) !== market) continue;
        begin(market, true);
        const top = tops.get(market.symbol);
        if (market.state === "watching" && top !== undefined) observeTop(market, top.bid?.price, top.ask?.price);
        market.silence.top.answered();
      }
    } catch {
      // As with trades.
    } finally {
      for (const { silence } of silent) if (silence.top.isAsking) silence.top.failed();
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
    for (const silence of Object.values(market.silence)) silence.heard();
    // Best prices, and not the book: that needs a snapshot by REST, which the exchange may refuse for minutes.
    market.subscriptions = (["trades", "book-top"] as const).map((kind) => feed.subscribe({ kind, symbol }, listener));
  }

  function letGo(market: Watched): void {
    for (const subscription of market.subscriptions) subscription.close();
    market.subscriptions = [];
    market.hasTop = false;
  }

  function add(symbol: MarketSymbol): void {
    const market = createWatched(symbol, parts.before[symbol]?.seenUntil, clock);
    markets.set(symbol, market);
    subscribe(market);
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
    latestExchangeNow: exchange.latest,
    quote: (symbol) => markets.get(symbol)?.quote,
    view: () => Object.fromEntries([...markets].map(([symbol, market]) => [symbol, viewOf(market)])),
    tick() {
      noteAlive();
      const silent: Watched[] = [];
      for (const market of markets.values()) {
        const { state, silence } = market;
        if (state !== "watching" && state !== "waiting") continue;
        if (Math.abs(elapsedMs(market.seenUntil ?? NEVER, exchange.now())) > SHORT_BREAK_MS) interrupt(market);
        if (isLost) continue;
        if (silence.top.isDue) silent.push(market);
        if (state === "watching" && silence.trades.isDue) void askAfterTrades(market);
      }
      if (silent.length > 0) void askAfterTops(silent);
    },
    close() {
      lifetime.abort(new Error("the watch is closing"));
      connection.close();
      for (const market of markets.values()) letGo(market);
      markets.clear();
    },
  };
}
