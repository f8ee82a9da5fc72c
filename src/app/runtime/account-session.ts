import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import type { ClientOrderId } from "../../core/domain/identifiers.ts";
import { isUnproven } from "../../core/domain/order.ts";
import { missingFills } from "../../core/domain/order-execution.ts";
import type { AccountFeed, AccountFeedEvent } from "../../core/ports/account-feed.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Logger } from "../../core/ports/logger.ts";
import { reconcileAccount } from "../../core/use-cases/reconcile-account.ts";
import { fetchMissingFills } from "../../core/use-cases/refresh-order.ts";
import { resolveUnknownOrder } from "../../core/use-cases/resolve-unknown-order.ts";
import { holeWords } from "../hole-words.ts";
import type { AppStore } from "../store/create-store.ts";
import { accountConnectionChanged, reconcileEnded } from "../store/session-slice.ts";
import type { ArchiveKeeper } from "./archive-keeper.ts";
import { domainEventOf } from "./account-stream.ts";
import { createProofRound } from "./proof-round.ts";
import type { Trading } from "./trading.ts";

/** How long until the next round, ms. */
export const RECONCILE_EVERY_MS = 60_000;
export const RECONCILE_RETRY_MS = 5_000;
/** How long until the private stream is tried again when it could not even begin, ms. */
const LISTEN_RETRY_MS = 5_000;
/** Pushes can get lost while the stream stands; the lists of orders and fills are compared this often. */
const BACKFILL_EVERY_MS = 5 * 60_000;
/** Markets in which nothing has happened of late, read in turn beside the active ones: each costs two lists. */
const QUIET_MARKETS_A_ROUND = 5;
/** Fills trail the report of their order on the stream; after this long they are fetched instead. */
const FILL_GRACE_MS = 1_500;

/** Keeps our view of the account at one with the exchange's: by the private stream, and by REST where it may have gaps. */
export interface AccountSession {
  /** Stream first, snapshot second: what happens between the two is then seen twice, never missed. */
  open(signal: AbortSignal): Promise<void>;
  /** One round of comparing. @returns how long to wait for the next, ms. */
  round(): Promise<number>;
  /** Chases the proof of an order without holding the caller up. */
  resolveLater(clientOrderId: ClientOrderId): void;
}

export interface AccountSessionParts {
  readonly trading: Trading;
  readonly archive: ArchiveKeeper;
  readonly feed: AccountFeed;
  readonly store: AppStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifetime: AbortSignal;
  readonly warn: (text: string) => void;
  /** How each round ended. */
  readonly onReconciled: (hasSucceeded: boolean) => void;
  readonly inBackground: (what: string, work: (signal: AbortSignal) => Promise<void>) => void;
}

export function createAccountSession(parts: AccountSessionParts): AccountSession {
  const { trading, store, clock, logger, lifetime } = parts;
  const { context } = trading;
  const chased = new Set<ClientOrderId>();
  const seekTogether = createProofRound();
  let calledFor: ReadonlySet<string> = new Set();
  const toldOfFills = new Set<string>();
  /** A start has the limit to itself for what a trader waits for; quiet markets come with the next rounds. */
  let isFirstPull = true;
  let snapshotTaken = false;
  let backfilledAt = 0;
  /** Something may have been missed since the last back-fill. */
  let hasGap = true;
  let isClosingGap = false;
  let running: Promise<boolean> | undefined;

  function resolveLater(clientOrderId: ClientOrderId): void {
    if (chased.has(clientOrderId)) return;
    chased.add(clientOrderId);
    // Chasing may take as long as the exchange is away, so it does not hold up `idle`.
    const told = new Set<string>();
    const tellOnce = (cause: unknown) => {
      // That the exchange is away is shown anyhow, and ends by itself.
      if (!(cause instanceof AppError) || cause.exitCode === EXIT_CODES.unavailable || told.has(cause.code)) return;
      told.add(cause.code);
      parts.warn(`What became of order ${clientOrderId} cannot be asked: ${cause.message} It is asked again.`);
    };
    void resolveUnknownOrder(context, clientOrderId, lifetime, {
      seek: seekTogether,
      onLook: trading.looks.note,
      onFailedLook: tellOnce,
    }).then(
      () => chased.delete(clientOrderId),
      (cause: unknown) => {
        chased.delete(clientOrderId);
        logger.error("chasing an unknown order stopped", { cause: String(cause) });
      },
    );
  }

  async function reconcile(signal: AbortSignal): Promise<boolean> {
    const isDue = hasGap || clock.monotonic() - backfilledAt >= BACKFILL_EVERY_MS;
    // What goes missing from here on is the next round's.
    hasGap = false;
    try {
      // What another process has left working is to be shown and chased here too.
      context.recallWorking();
      const { differences } = await reconcileAccount(context, signal);
      callForPerson(differences);
      if (isDue) await pullArchive(signal);
      const needsPerson = differences.filter(({ outcome }) => outcome === "needs-person");
      store.dispatch(reconcileEnded({ at: clock.now(), needsPerson }));
      parts.onReconciled(true);
      for (const order of context.ledger().orders.values()) if (isUnproven(order)) resolveLater(order.clientOrderId);
      return true;
    } catch (cause) {
      hasGap ||= isDue;
      if (!(cause instanceof AppError)) throw cause;
      store.dispatch(reconcileEnded({ at: clock.now(), error: `${cause.message} (${cause.code})` }));
      if (!lifetime.aborted) parts.onReconciled(false);
      return false;
    }
  }

  /** Once for each; what stands after a restart is told again. */
  function callForPerson(differences: readonly SettledDifference[]): void {
    const calling = differences.filter(({ outcome }) => outcome === "needs-person");
    for (const difference of calling) {
      if (calledFor.has(difference.subject)) continue;
      const { symbol, subject, result } = difference;
      parts.warn(`${symbol ?? ""} ${subject}: ${result}. See \`tapedeck reconcile\`.`.trim());
    }
    calledFor = new Set(calling.map(({ subject }) => subject));
  }

  async function pullArchive(signal: AbortSignal): Promise<void> {
    const { holes, differences, refused } = await parts.archive.pull(isFirstPull ? 0 : QUIET_MARKETS_A_ROUND, signal);
    isFirstPull = false;
    backfilledAt = clock.monotonic();
    for (const hole of holes) parts.warn(`${holeWords(hole)}. See \`tapedeck reconcile --holes\`.`);
    for (const { symbol, subject, result } of differences) {
      if (toldOfFills.has(subject)) continue;
      toldOfFills.add(subject);
      parts.warn(`${symbol ?? ""} ${subject}: ${result}.`.trim());
    }
    for (const [symbol, why] of refused) logger.warn("the past of a market cannot be asked for", { symbol, why });
  }

  /** One at a time. */
  function reconcileAlone(signal: AbortSignal): Promise<boolean> {
    const before = running ?? Promise.resolve(true);
    // Whoever waits for its own round hears of its failure; the next in line only waits for its end.
    const next = before.then(
      () => reconcile(signal),
      () => reconcile(signal),
    );
    const settled = next.finally(() => {
      if (running === settled) running = undefined;
    });
    running = settled;
    settled.catch(() => undefined);
    return next;
  }

  /** However many gaps come to light while a round is under way, one more round closes them all. */
  function noteGap(why: string): void {
    hasGap = true;
    if (isClosingGap) return;
    isClosingGap = true;
    parts.inBackground(`reconciling after ${why}`, async (whileOpen) => {
      let hasSucceeded = false;
      try {
        hasSucceeded = await reconcileAlone(whileOpen);
      } finally {
        isClosingGap = false;
      }
      if (whileOpen.aborted) return;
      if (!hasSucceeded) retryGap(why);
      else if (hasGap) noteGap(why);
    });
  }

  /** The waiting is not counted as work under way. */
  function retryGap(why: string): void {
    void clock.sleep(RECONCILE_RETRY_MS, lifetime).then(
      () => {
        if (hasGap) noteGap(why);
      },
      () => undefined,
    );
  }

  function listen(signal: AbortSignal): Promise<void> {
    return parts.feed.start((push: AccountFeedEvent) => {
      if (push.type === "connection") {
        store.dispatch(accountConnectionChanged(push.state));
        // Before the first snapshot nothing can be missed; after it, whatever happened while away was not pushed.
        if (push.state.kind === "connected" && snapshotTaken) noteGap("a lost connection");
        return;
      }
      if (push.type === "missed") {
        if (snapshotTaken) noteGap("an unreadable push");
        return;
      }
      const event = domainEventOf(context.keyOf, push);
      if (event === undefined) return;
      context.publish([event]);
      if (event.type === "order-reported") fetchFillsThatStayAway(event.clientOrderId);
    }, signal);
  }

  /** The account is read by REST meanwhile; once the stream stands, its gap is closed like any other. */
  function listenLater(): void {
    void clock
      .sleep(LISTEN_RETRY_MS, lifetime)
      .then(() => listen(lifetime))
      .catch((cause: unknown) => {
        if (lifetime.aborted) return;
        if (!(cause instanceof AppError)) logger.error("the private stream did not start", { cause: String(cause) });
        listenLater();
      });
  }

  function fetchFillsThatStayAway(clientOrderId: ClientOrderId): void {
    const order = context.recall(clientOrderId);
    if (order === undefined || missingFills(order) === 0n) return;
    parts.inBackground("fetching fills", async (signal) => {
      await clock.sleep(FILL_GRACE_MS, signal);
      await fetchMissingFills(context, clientOrderId, signal);
    });
  }

  return {
    async open(signal) {
      trading.onAnomaly((what) => {
        parts.warn(`Unexpected: ${what}`);
      });
      try {
        await listen(signal);
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause;
        parts.warn(`The private stream did not start, and is tried again: ${cause.message}`);
        listenLater();
      }
      snapshotTaken = true;
      await reconcileAlone(signal);
    },
    async round() {
      trading.retryWrites();
      return (await reconcileAlone(lifetime)) ? RECONCILE_EVERY_MS : RECONCILE_RETRY_MS;
    },
    resolveLater,
  };
}
