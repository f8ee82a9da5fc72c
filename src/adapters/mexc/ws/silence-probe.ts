import type { Clock } from "../../../core/ports/clock.ts";
import { readPrice } from "../to-domain/unreadable.ts";
import type { DepthSnapshot } from "./local-book.ts";
import type { MarketStream } from "./market-stream.ts";

export interface SilenceProbeParts {
  readonly fetchSnapshot: (symbol: string, signal: AbortSignal) => Promise<DepthSnapshot>;
  /** When the newest public trade happened by the exchange's clock, ms; undefined when there was none. */
  readonly fetchNewestTradeAt: (symbol: string, signal: AbortSignal) => Promise<number | undefined>;
  readonly clock: Clock;
}

export type Silence =
  /** The market has done nothing the stream would have told, or nothing was learned. */
  | "quiet"
  /** Something happened, and the stream has not told it. */
  | "dead";

/** What was told may be on its way while REST already shows it. */
export const GRACE_MS = 3_000;

/**
 * Tells a market where nothing happens from a stream that has died, by what REST shows and the stream did not.
 * @throws AppError when REST gave no answer; nothing is known then
 */
export async function probeSilence(
  stream: MarketStream,
  parts: SilenceProbeParts,
  signal: AbortSignal,
): Promise<Silence> {
  const { topic } = stream;
  if (topic.kind === "tickers") return "dead";
  const hasFallenBehind = await whatItMissed(stream, topic.symbol, parts, signal);
  if (hasFallenBehind === undefined || !hasFallenBehind()) return "quiet";
  await parts.clock.sleep(GRACE_MS, signal);
  return hasFallenBehind() ? "dead" : "quiet";
}

/** @returns a question to ask again later; undefined when there is nothing to compare with yet. */
async function whatItMissed(
  stream: MarketStream,
  symbol: string,
  parts: SilenceProbeParts,
  signal: AbortSignal,
): Promise<(() => boolean) | undefined> {
  const { told, book, topic } = stream;
  if (book !== undefined) {
    if (book.state !== "live") return undefined;
    const { lastUpdateId } = await parts.fetchSnapshot(symbol, signal);
    return () => book.version < lastUpdateId;
  }
  if (topic.kind === "book-top") {
    if (told.sentAt === 0) return undefined;
    const { bids, asks } = await parts.fetchSnapshot(symbol, signal);
    const [bestBid, bestAsk] = [bids[0], asks[0]].map((level) =>
      level === undefined ? undefined : readPrice(level[0]),
    );
    return () => told.bestBid !== bestBid || told.bestAsk !== bestAsk;
  }
  const newestAt = await parts.fetchNewestTradeAt(symbol, signal);
  if (newestAt === undefined) return undefined;
  // Candles do not name their last trade, but none can have been sent before it happened.
  const toldAt = () => (topic.kind === "candles" ? told.sentAt : told.tradeAt);
  if (toldAt() === 0) {
    // The stream has said nothing yet: the next look compares with this one.
    told.tradeAt = newestAt;
    told.sentAt = newestAt;
    return undefined;
  }
  return () => toldAt() < newestAt;
}
