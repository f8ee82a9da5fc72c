import { AppError } from "../../core/domain/errors.ts";
import type { CandleInterval } from "../../core/domain/candle.ts";
import type { ClientOrderId, MarketSymbol } from "../../core/domain/identifiers.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { MarketEvent } from "../../core/ports/market-feed.ts";
import type { AppParts } from "../app-parts.ts";
import type { PortfolioBooks } from "../portfolio-books.ts";
import type { AppStore } from "../store/create-store.ts";
import { marketConnectionChanged, noticePosted } from "../store/session-slice.ts";
import { createAccountSession, RECONCILE_EVERY_MS, RECONCILE_RETRY_MS } from "./account-session.ts";
import { CLOCK_LOOK_MS, createClockWatch } from "./clock-watch.ts";
import type { GuardNews } from "./guardian/guard-news.ts";
import type { IdleCounter } from "./idle.ts";
import type { InstrumentRules } from "./instrument-rules.ts";
import { createMarketFrames } from "./market-frames.ts";
import { createMarketSelection } from "./market-selection.ts";
import type { Trading } from "./trading.ts";
import type { MoneyFigures } from "./trip-watch.ts";
import { createTripWatch } from "./trip-watch.ts";

/** Dispatches of market data a second: what an eye can follow and a terminal over SSH can bear. */
const FRAME_MS = 33;
/** Which markets take orders changes from day to day, and their limits with it. */
const RULES_EVERY_MS = 15 * 60_000;
const RULES_RETRY_MS = 60_000;
/** A sample of the equity is kept for each stretch of this length. */
const SAMPLE_EVERY_MS = 5 * 60_000;
/** A start has more urgent questions to ask. */
const FIRST_SAMPLE_MS = 15_000;
/** Until they are read for the first time there is nothing to trade. */
const FIRST_RULES_RETRY_MS = 5_000;
/** How often the trips look, and whether another process has set the trading state: the person here has to be told. */
const STATE_LOOK_MS = 2_000;

/** Everything that runs while a screen is open: streams into the store, reconciles, unknown orders chased. */
export interface SessionRunner {
  start(signal: AbortSignal): Promise<void>;
  selectMarket(symbol: MarketSymbol, interval: CandleInterval): void;
  /** Chases the proof of an order without holding the caller up. */
  resolveLater(clientOrderId: ClientOrderId): void;
  /** Reads one market's rules again while a session runs; a single command reads them fresh anyway. */
  rereadRules(symbol: MarketSymbol): void;
  /** Runs work that nobody waits for; a failure becomes a notice and a log line. */
  inBackground(what: string, work: (signal: AbortSignal) => Promise<void>): void;
  tellNews(news: GuardNews): void;
  close(): void;
}

export interface SessionRunnerParts {
  readonly parts: AppParts;
  readonly store: AppStore;
  readonly idle: IdleCounter;
  readonly lifetime: AbortSignal;
  readonly trading: Trading | undefined;
  readonly rules: InstrumentRules;
  /** What the trips on money look at. */
  readonly money: MoneyFigures | undefined;
  readonly books: Pick<PortfolioBooks, "sample"> | undefined;
}

export function createSessionRunner(runner: SessionRunnerParts): SessionRunner {
  const { parts, store, idle, lifetime, trading, rules, books } = runner;
  const { exchange, clock, logger, account, trips: limits } = parts;
  const frames = createMarketFrames({ store, clock, frameMs: FRAME_MS, schedule: parts.schedule });
  const selection = createMarketSelection({
    store,
    feed: exchange.marketFeed,
    data: exchange.marketData,
    clock,
    accept: acceptMarketEvent,
    inBackground,
  });
  const trips =
    trading === undefined || account === undefined || limits === undefined
      ? undefined
      : createTripWatch({
          context: trading.context,
          stored: account.tradingState,
          limits,
          health: () => exchange.health(),
          money: runner.money,
          logger,
          warn,
        });
  if (trips !== undefined) trading?.onPublished(trips.note);
  const accountSession =
    trading === undefined
      ? undefined
      : createAccountSession({
          trading,
          archive: trading.archive,
          feed: exchange.accountFeed,
          store,
          clock,
          logger,
          lifetime,
          warn,
          inBackground,
          onReconciled: (hasSucceeded) => trips?.noteReconcile(hasSucceeded),
        });
  const watchClocks = createClockWatch({
    clock,
    health: () => exchange.health(),
    compare: (signal) => exchange.marketData.fetchClockOffset(signal),
  });
  let started = false;
  /** The trading state as the person at the screen knows it. */
  let toldState = store.getState().trading.heldState;

  function inBackground(what: string, work: (signal: AbortSignal) => Promise<void>): void {
    void idle.track(async () => {
      try {
        await work(lifetime);
      } catch (cause) {
        if (lifetime.aborted) return;
        const message = cause instanceof Error ? safeText(cause.message) : "no reason given";
        logger.warn(`${what} failed`, { message });
        notify("warning", `${what}: ${message}`);
      }
    });
  }

  function acceptMarketEvent(event: MarketEvent): void {
    if (event.type !== "refused") {
      frames.accept(event);
      return;
    }
    const { topic, reason } = event;
    const of = "symbol" in topic ? ` of ${topic.symbol}` : "";
    warn(`The exchange refused the ${topic.kind}${of}: ${reason}`);
  }

  function warn(text: string): void {
    notify("warning", text);
  }

  function notify(level: "info" | "warning", text: string): void {
    store.dispatch(noticePosted({ at: clock.now(), level, text }));
  }

  /**
   * Runs rounds, each answering how long to wait for the next, until one answers undefined. The waiting is not counted
   * as work under way.
   */
  async function repeat(firstMs: number, round: () => Promise<number | undefined>): Promise<void> {
    for (let waitMs: number | undefined = firstMs; waitMs !== undefined && !lifetime.aborted;) {
      try {
        await clock.sleep(waitMs, lifetime);
      } catch {
        return;
      }
      waitMs = await idle.track(round);
    }
  }

  /** @returns how long until the rules are to be read again */
  async function readRules(signal: AbortSignal): Promise<number> {
    try {
      await rules.readAll(signal);
      return RULES_EVERY_MS;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      if (!lifetime.aborted) notify("warning", `Reading the markets' rules failed: ${cause.message}`);
      return store.getState().instruments.at === undefined ? FIRST_RULES_RETRY_MS : RULES_RETRY_MS;
    }
  }

  function rereadRules(symbol: MarketSymbol): void {
    if (!started) return;
    inBackground(`reading the rules of ${symbol} again`, async (signal) => {
      await rules.readOne(symbol, signal);
    });
  }

  async function start(signal: AbortSignal): Promise<void> {
    started = true;
    exchange.marketFeed.onConnection((state) => {
      store.dispatch(marketConnectionChanged(state));
    });
    exchange.marketFeed.subscribe({ kind: "tickers" }, acceptMarketEvent);
    await idle.track(async () => {
      const tickers = exchange.marketData.fetchTickers(undefined, signal).then(
        (all) => {
          frames.accept({ type: "tickers", tickers: all });
        },
        () => undefined,
      );
      const clocksCompared = lookAtClocks(signal);
      const firstRead = readRules(signal);
      await Promise.all([tickers, clocksCompared, firstRead, accountSession?.open(signal)]);
      void repeat(await firstRead, () => readRules(lifetime));
      void repeat(CLOCK_LOOK_MS, () => lookAtClocks(lifetime));
    });
    if (books !== undefined) void repeat(FIRST_SAMPLE_MS, () => sampleEquity(books));
    if (accountSession !== undefined) {
      const first = store.getState().session.reconciledAt === undefined ? RECONCILE_RETRY_MS : RECONCILE_EVERY_MS;
      void repeat(first, accountSession.round);
      void repeat(STATE_LOOK_MS, lookAtState);
    }
  }

  /** @returns how long until the next sample */
  async function sampleEquity({ sample }: Pick<PortfolioBooks, "sample">): Promise<number> {
    try {
      await sample(lifetime);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      logger.warn("sampling the equity failed", { code: cause.code });
    }
    return SAMPLE_EVERY_MS;
  }

  /** @returns how long until the next look */
  function lookAtState(): Promise<number> {
    trips?.look();
    trading?.context.adoptState();
    const held = store.getState().trading.heldState;
    if (held !== toldState) {
      const { kind, reason = "no reason given" } = held;
      notify(kind === "active" ? "info" : "warning", `Trading is ${kind} now: ${reason}`);
    }
    toldState = held;
    return Promise.resolve(STATE_LOOK_MS);
  }

  /** @returns how long until the next look */
  async function lookAtClocks(signal: AbortSignal): Promise<number> {
    try {
      await watchClocks(signal);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      logger.warn("comparing the clocks failed", { code: cause.code });
    }
    return CLOCK_LOOK_MS;
  }

  return {
    start,
    selectMarket: selection.select,
    resolveLater: (clientOrderId) => accountSession?.resolveLater(clientOrderId),
    rereadRules,
    inBackground,
    tellNews: ({ kind, text, needsPerson }) => {
      // What was sold while nobody looked must not pass by.
      const stays = needsPerson || kind === "exit-sent";
      const level = stays ? "warning" : "info";
      store.dispatch(noticePosted({ at: clock.now(), level, text, ...(stays ? { stays } : {}) }));
    },
    close() {
      selection.close();
      frames.close();
    },
  };
}
