import { AppError } from "../../core/domain/errors.ts";
import type { CandleInterval } from "../../core/domain/candle.ts";
import type { ClientOrderId, MarketSymbol } from "../../core/domain/identifiers.ts";
import { missingFills } from "../../core/domain/order-lifecycle.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { AccountFeedEvent } from "../../core/ports/account-feed.ts";
import { reconcileAccount } from "../../core/use-cases/reconcile-account.ts";
import { fetchMissingFills } from "../../core/use-cases/refresh-order.ts";
import { isUnproven, resolveUnknownOrder } from "../../core/use-cases/resolve-unknown-order.ts";
import type { AppParts } from "../app-parts.ts";
import type { AppStore } from "../store/create-store.ts";
import {
  accountConnectionChanged,
  clockOffsetMeasured,
  marketConnectionChanged,
  noticePosted,
  reconcileEnded,
} from "../store/session-slice.ts";
import { domainEventOf } from "./account-stream.ts";
import type { IdleCounter } from "./idle.ts";
import type { InstrumentRules } from "./instrument-rules.ts";
import { createMarketFrames } from "./market-frames.ts";
import { createMarketSelection } from "./market-selection.ts";
import type { Trading } from "./trading.ts";

/** Dispatches of market data a second: what an eye can follow and a terminal over SSH can bear. */
const FRAME_MS = 33;
const RECONCILE_EVERY_MS = 60_000;
const RECONCILE_RETRY_MS = 5_000;
/** Which markets take orders changes from day to day, and their limits with it. */
const RULES_EVERY_MS = 15 * 60_000;
const RULES_RETRY_MS = 60_000;
/** Until they are read for the first time there is nothing to trade. */
const FIRST_RULES_RETRY_MS = 5_000;
/** Fills trail the report of their order on the stream; after this long they are fetched instead. */
const FILL_GRACE_MS = 1_500;

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
  close(): void;
}

export interface SessionRunnerParts {
  readonly parts: AppParts;
  readonly store: AppStore;
  readonly idle: IdleCounter;
  readonly lifetime: AbortSignal;
  readonly trading: Trading | undefined;
  readonly rules: InstrumentRules;
}

export function createSessionRunner(runner: SessionRunnerParts): SessionRunner {
  const { parts, store, idle, lifetime, trading, rules } = runner;
  const { exchange, clock, logger } = parts;
  const frames = createMarketFrames({ store, clock, frameMs: FRAME_MS, schedule: parts.schedule });
  const selection = createMarketSelection({
    store,
    feed: exchange.marketFeed,
    data: exchange.marketData,
    clock,
    accept: frames.accept,
    inBackground,
  });
  const chased = new Set<ClientOrderId>();
  let snapshotTaken = false;
  let started = false;

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

  function resolveLater(clientOrderId: ClientOrderId): void {
    if (trading === undefined || chased.has(clientOrderId)) return;
    chased.add(clientOrderId);
    // Chasing may take as long as the exchange is away, so it does not hold up `idle`.
    void resolveUnknownOrder(trading.context, clientOrderId, lifetime).then(
      () => chased.delete(clientOrderId),
      (cause: unknown) => {
        chased.delete(clientOrderId);
        logger.error("chasing an unknown order stopped", { cause: String(cause) });
      },
    );
  }

  async function reconcile({ context }: Trading, signal: AbortSignal): Promise<boolean> {
    try {
      await reconcileAccount(context, signal);
      store.dispatch(reconcileEnded({ at: clock.now() }));
      for (const order of context.ledger().orders.values()) if (isUnproven(order)) resolveLater(order.clientOrderId);
      return true;
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      store.dispatch(reconcileEnded({ at: clock.now(), error: `${cause.message} (${cause.code})` }));
      return false;
    }
  }

  function listenToAccount(account: Trading, signal: AbortSignal): Promise<void> {
    const { context, onAnomaly } = account;
    onAnomaly((what) => notify("warning", `Unexpected: ${what}`));
    return exchange.accountFeed.start((push: AccountFeedEvent) => {
      if (push.type === "connection") {
        store.dispatch(accountConnectionChanged(push.state));
        // Before the first snapshot nothing can be missed; after it, whatever happened while away was not pushed.
        if (push.state.kind === "connected" && snapshotTaken) {
          inBackground("reconciling after a lost connection", async (whileOpen) => {
            await reconcile(account, whileOpen);
          });
        }
        return;
      }
      const event = domainEventOf(context.ledger(), push);
      if (event === undefined) return;
      context.publish([event]);
      if (event.type === "order-reported") fetchFillsThatStayAway(context, event.clientOrderId);
    }, signal);
  }

  function fetchFillsThatStayAway(context: Trading["context"], clientOrderId: ClientOrderId): void {
    const order = context.ledger().orders.get(clientOrderId);
    if (order === undefined || missingFills(order) === 0n) return;
    inBackground("fetching fills", async (signal) => {
      await clock.sleep(FILL_GRACE_MS, signal);
      await fetchMissingFills(context, clientOrderId, signal);
    });
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
    exchange.marketFeed.subscribe({ kind: "tickers" }, frames.accept);
    await idle.track(async () => {
      const tickers = exchange.marketData.fetchTickers(undefined, signal).then(
        (all) => {
          frames.accept({ type: "tickers", tickers: all });
        },
        () => undefined,
      );
      const offset = exchange.marketData.fetchClockOffset(signal).then(
        (offsetMs) => {
          store.dispatch(clockOffsetMeasured(offsetMs));
        },
        () => undefined,
      );
      const firstRead = readRules(signal);
      await Promise.all([tickers, offset, firstRead, trading === undefined ? undefined : openAccount(trading, signal)]);
      void repeat(await firstRead, () => readRules(lifetime));
    });
    if (trading !== undefined) {
      const first = store.getState().session.reconciledAt === undefined ? RECONCILE_RETRY_MS : RECONCILE_EVERY_MS;
      void repeat(first, async () => {
        trading.retryWrites();
        return (await reconcile(trading, lifetime)) ? RECONCILE_EVERY_MS : RECONCILE_RETRY_MS;
      });
    }
  }

  /** Stream first, snapshot second: what happens between the two is then seen twice, never missed. */
  async function openAccount(account: Trading, signal: AbortSignal): Promise<void> {
    try {
      await listenToAccount(account, signal);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      notify("warning", `The private stream did not start: ${cause.message}`);
    }
    snapshotTaken = true;
    await reconcile(account, signal);
  }

  return {
    start,
    selectMarket: selection.select,
    resolveLater,
    rereadRules,
    inBackground,
    close() {
      selection.close();
      frames.close();
    },
  };
}
