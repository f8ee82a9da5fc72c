import type { ExchangeTime } from "../../../core/domain/exchange-time.ts";
import {
  earliest,
  elapsedMs,
  latest,
  onExchangeClock,
  onOurClock,
  shifted,
} from "../../../core/domain/exchange-time.ts";
import { crossedInGap } from "../../../core/domain/guarding/gap.ts";
import type { Observation } from "../../../core/domain/guarding/observation.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Protection, ProtectionLeg } from "../../../core/domain/protection.ts";
import { armedAmong, isStopLeg } from "../../../core/domain/protection.ts";
import type { ProtectionEvent } from "../../../core/domain/protection-events.ts";
import type { MarketData } from "../../../core/ports/market-data.ts";
import type { TradingContext } from "../../../core/use-cases/trading-context.ts";
import { fetchGapPrices } from "./gap-prices.ts";
import { SHORT_BREAK_MS } from "./market-watch.ts";

const DAY_MS = 86_400_000;

export interface GapParts {
  readonly context: TradingContext;
  readonly data: MarketData;
  /** The exchange's clock minus ours, as far as it is known, ms. */
  readonly offsetMs: number;
  readonly token: number;
  /** The protections there were when the lease became ours. */
  readonly found: ReadonlySet<string>;
  readonly quote: () => Observation | undefined;
}

/**
 * Looks at what a market did while nobody watched, and asks about each stop that would have sold. Nothing is sold here.
 * @param since until when the market was seen, by the exchange's clock; undefined when it never was
 * @throws AppError when the exchange does not answer, or another process was first; then nothing was asked.
 */
export async function askAboutGap(
  parts: GapParts,
  { symbol, since }: { readonly symbol: MarketSymbol; readonly since: ExchangeTime | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { context, data, token, quote, offsetMs } = parts;
  const until = onExchangeClock(context.clock.now(), offsetMs);
  const unwatchedSince = ({ createdAt }: Protection) => {
    const armedAt = onExchangeClock(createdAt, offsetMs);
    // Armed while our clock was ahead of what it is now: when that was is not known, so all that was missed counts.
    if (armedAt > until) return since ?? shifted(until, -DAY_MS);
    return since === undefined ? armedAt : latest(since, armedAt);
  };
  /** Armed a moment ago in front of a guardian that only had to subscribe: its own short break, like any other. */
  const wasJustArmed = (one: Protection) =>
    !parts.found.has(one.protectionId) && elapsedMs(unwatchedSince(one), until) <= SHORT_BREAK_MS;
  const mayAsk = () =>
    armedAmong(context.ledger().protections.values(), symbol).filter(
      (one) => one.legs.some(isLiveStop) && !wasJustArmed(one),
    );
  const first = mayAsk();
  const [oldest, ...others] = first.map(unwatchedSince);
  if (oldest === undefined) return;
  const spans = await fetchGapPrices(data, symbol, { since: earliest(oldest, ...others), until }, signal);
  const ids = new Set(first.map(({ protectionId }) => protectionId));
  const events = mayAsk()
    .filter(({ protectionId }) => ids.has(protectionId))
    .flatMap((protection): readonly ProtectionEvent[] => {
      const { protectionId } = protection;
      const gap = { since: unwatchedSince(protection), until, offsetMs, spans };
      const at = context.clock.now();
      return crossedInGap(protection, gap).map(({ legId, worstPrice }) => {
        const seenPrice = quote()?.last ?? quote()?.bid;
        const question = {
          since: onOurClock(gap.since, offsetMs),
          ...(worstPrice === undefined ? {} : { worstPrice }),
          ...(seenPrice === undefined ? {} : { seenPrice }),
          at,
        };
        return { type: "question-asked", protectionId, legId, question };
      });
    });
  if (events.length > 0) context.publish(events, { token });
}

function isLiveStop(leg: ProtectionLeg): boolean {
  return leg.state === "live" && isStopLeg(leg);
}
