import type { LeaseRecord } from "../../../core/domain/guard-lease.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { ClientOrderId, MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { OrderDraft } from "../../../core/domain/order.ts";
import type { Protection } from "../../../core/domain/protection.ts";
import { armedAmong } from "../../../core/domain/protection.ts";
import type { GuardLease } from "../../../core/ports/guard-lease.ts";
import type { MarketData } from "../../../core/ports/market-data.ts";
import type { MarketFeed } from "../../../core/ports/market-feed.ts";
import type { PlaceOrderOptions, PlaceOrderResult } from "../../../core/use-cases/place-order.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";
import { askAboutGap } from "./ask-about-gap.ts";
import type { ClockReading } from "./exchange-now.ts";
import { createEntryWatch } from "./entry-watch.ts";
import type { GuardNews } from "./guard-news.ts";
import { elsewhereNews, leaseNews, otherMachineNews, marketNews, protectionNews, unprovenNews } from "./guard-news.ts";
import { createGuardViews } from "./guard-view.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import type { MarketWatch } from "./market-watch.ts";
import { createMarketWatch } from "./market-watch.ts";
import { createMarketsByRest } from "./markets-by-rest.ts";
import type { ProtectionDesk } from "./protection-desk.ts";
import { createProtectionDesk } from "./protection-desk.ts";

const TICK_MS = 1_000;

/**
 * Sells for us when a price or a time is reached. Of all processes of an account one guards, the holder of the lease;
 * the others stand by. What it may do is decided by the store alone, so nothing is lost with a process.
 */
export interface Guardian {
  start(): void;
  readonly isHolder: boolean;
  onNews(listener: (news: GuardNews) => void): () => void;
  /** Lets go of the lease: one who stands by has it within a second. */
  close(): void;
}

export interface GuardianParts {
  readonly context: TradingContext;
  readonly lease: GuardLease;
  readonly feed: MarketFeed;
  readonly data: MarketData;
  readonly clockReading: () => ClockReading;
  readonly place: (draft: OrderDraft, signal: AbortSignal, options: PlaceOrderOptions) => Promise<PlaceOrderResult>;
  /** Goes on asking until the order is proven, without holding anyone up. */
  readonly proveLater: (clientOrderId: ClientOrderId) => void;
  /** Reads protections and trading state anew, as any process has changed them. */
  readonly adopt: () => void;
  /** Calls after each change of the ledger; returns its end. */
  readonly onLedger: (listener: () => void) => () => void;
  readonly track: (work: () => Promise<void>) => void;
}

/** What there is only while the lease is ours. */
interface Post {
  readonly watch: MarketWatch;
  readonly desks: Map<string, ProtectionDesk>;
  readonly lifetime: AbortController;
}

export function createGuardian(parts: GuardianParts): Guardian {
  const { context } = parts;
  const { clock } = context;
  const listeners = new Set<(news: GuardNews) => void>();
  const view = createGuardViews(context);
  let post: Post | undefined;
  let known = context.ledger().protections;
  let isLookDue = false;

  const keeper = createLeaseKeeper({
    lease: parts.lease,
    clock,
    markets: () => post?.watch.view() ?? {},
    onHeld: takePost,
    onLost(why) {
      leavePost();
      tell(
        leaseNews("lease-lost", `This process no longer guards: ${why} It does nothing from now on, and stands by.`),
      );
    },
    onStandby: (holder) => {
      tell(elsewhereNews(holder));
    },
    onElsewhere: (by) => {
      tell(otherMachineNews(by));
    },
    onTrouble(why) {
      tell({ kind: "trouble", text: `The lease of the guardian: ${why}`, needsPerson: false });
    },
  });
  const newsOfEntries = createEntryWatch(context);
  const endLedger = parts.onLedger(onLedger);

  function tell(news: GuardNews): void {
    for (const listener of listeners) listener(news);
  }

  function takePost(token: number, before: LeaseRecord | undefined): void {
    parts.adopt();
    const lifetime = new AbortController();
    const found = new Set(context.ledger().protections.keys());
    const watch = createMarketWatch({
      feed: parts.feed,
      clock,
      clockReading: parts.clockReading,
      before: before?.markets ?? {},
      onObservation: observe,
      onGap: (symbol) => {
        for (const desk of desksOf(symbol)) desk.forget();
      },
      lookIntoGap: (symbol, since, signal) =>
        askAboutGap(
          { ...parts, offsetMs: parts.clockReading().offsetMs, token, found, quote: () => watch.quote(symbol) },
          { symbol, since },
          signal,
        ),
      rest: createMarketsByRest(parts.data),
      onWatching(symbol) {
        tell(marketNews("market-watched", symbol, `${symbol} is watched.`));
        keeper.tellMarkets();
        for (const desk of desksOf(symbol)) desk.look();
      },
      onRefused(symbol, reason, retryMs) {
        const text = `${symbol} is not watched: the exchange refused it (${reason}). It is asked again in ${retryMs / 1000} s; if that is too late, sell by hand.`;
        tell({ ...marketNews("market-not-watched", symbol, text), needsPerson: true });
        keeper.tellMarkets();
      },
      onGapFailed(symbol, cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        tell(marketNews("trouble", symbol, `What ${symbol} did while nobody watched could not be asked: ${why}`));
        if (isCode(cause, "LEASE_LOST")) keeper.lose();
        if (isCode(cause, "PROTECTION_CHANGED")) parts.adopt();
      },
    });
    post = { watch, desks: new Map(), lifetime };
    man();
    void tickUntil(post);
    tell(leaseNews("lease-held", `This process guards (lease ${token}).`));
  }

  function leavePost(): void {
    if (post === undefined) return;
    const { watch, desks, lifetime } = post;
    post = undefined;
    lifetime.abort(new Error("the post is left"));
    for (const desk of desks.values()) desk.close();
    watch.close();
  }

  async function tickUntil({ watch, desks, lifetime }: Post): Promise<void> {
    for (;;) {
      try {
        await clock.sleep(TICK_MS, lifetime.signal);
      } catch {
        return;
      }
      watch.tick();
      for (const desk of desks.values()) desk.look();
    }
  }

  function observe(symbol: MarketSymbol, observation: Observation): void {
    for (const desk of desksOf(symbol)) desk.observe(observation);
  }

  function desksOf(symbol: MarketSymbol): readonly ProtectionDesk[] {
    if (post === undefined) return [];
    const { protections } = context.ledger();
    return [...post.desks].flatMap(([id, desk]) => (protections.get(id)?.symbol === symbol ? [desk] : []));
  }

  /** A desk for each armed protection, and a watch on each of their markets. */
  function man(): void {
    if (post === undefined) return;
    const { desks, watch } = post;
    const armed = armedAmong(context.ledger().protections.values());
    const ids = new Set(armed.map(({ protectionId }) => protectionId));
    for (const [id, desk] of desks) {
      if (ids.has(id)) continue;
      desk.close();
      desks.delete(id);
    }
    for (const protection of armed) {
      if (!desks.has(protection.protectionId)) desks.set(protection.protectionId, openDesk(protection, post));
    }
    watch.watch(new Set(armed.map(({ symbol }) => symbol)));
  }

  function openDesk({ protectionId, symbol }: Protection, { watch }: Post): ProtectionDesk {
    return createProtectionDesk({
      ...{ protectionId, context, place: parts.place, proveLater: parts.proveLater, adopt: parts.adopt },
      mayAct: () => (context.ledger().lock === undefined ? keeper.token : undefined),
      view,
      isGapClosed: () => watch.isGapClosed(symbol),
      latestExchangeNow: watch.latestExchangeNow,
      quote: () => watch.quote(symbol),
      onLeaseLost: () => {
        keeper.lose();
      },
      onTrouble(_protection, what) {
        tell({ ...marketNews("trouble", symbol, `${symbol}: ${what} It is tried again.`), protectionId });
      },
      onUnproven(protection, order) {
        tell(unprovenNews(protection, order));
      },
      track: parts.track,
    });
  }

  function onLedger(): void {
    const { protections } = context.ledger();
    if (protections !== known) {
      const before = known;
      known = protections;
      for (const protection of protections.values()) {
        const old = before.get(protection.protectionId);
        if (old !== protection) for (const news of protectionNews(old, protection)) tell(news);
      }
      man();
    }
    if (isLookDue) return;
    isLookDue = true;
    queueMicrotask(() => {
      isLookDue = false;
      // Whoever stands by has a screen, too.
      for (const news of newsOfEntries()) tell(news);
      for (const desk of post?.desks.values() ?? []) desk.look();
    });
  }

  return {
    start: () => {
      keeper.start();
    },
    get isHolder() {
      return keeper.token !== undefined;
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      endLedger();
      keeper.close();
      leavePost();
    },
  };
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}
