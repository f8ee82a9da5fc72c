import { formatMoney } from "../../../src/core/domain/money.ts";
import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import { Random } from "../../../src/simulator/random.ts";
import { ProtoWriter } from "../../../src/simulator/wire/proto-writer.ts";
import type { PushedLevel } from "../../../src/simulator/wire/public-messages.ts";
import {
  encodeDeals,
  encodeDepthChanges,
  encodeLimitDepth,
  encodeMiniTicker,
} from "../../../src/simulator/wire/public-messages.ts";
import type { BodyKind } from "../../../src/simulator/wire/push-frame.ts";
import { encodePushFrame } from "../../../src/simulator/wire/push-frame.ts";
import type { RecordedSnapshot, Recording, StreamKind } from "./recording.ts";
import { WanderingBook } from "./wandering-book.ts";

export interface RecordingOptions {
  readonly seed: number;
  readonly frames: number;
  /** Levels of the whole book, half of them on each side. */
  readonly levels: number;
  /** Levels that change in a push. */
  readonly changes: number;
  /** Symbols in a push of all tickers. */
  readonly symbols: number;
}

const SYMBOL = "BTCUSDT";
const FIRST_VERSION = 10_589_632_359;
const FIRST_TIME = 1_736_411_507_002;
const NO_SNAPSHOT: RecordedSnapshot = { lastUpdateId: 0, bids: [], asks: [] };

/** Frames as the simulated exchange writes them, by its own encoder; the same seed gives the same bytes. */
export function recordFrames(kind: StreamKind, options: RecordingOptions): Recording {
  const random = new Random(options.seed).fork(kind);
  switch (kind) {
    case "depth":
      return recordDepth(random, options);
    case "limit-depth":
      return recordLimitDepth(random, options);
    case "deals":
      return recordDeals(random, options);
    case "mini-tickers":
      return recordMiniTickers(random, options);
  }
}

function recordDepth(random: Random, options: RecordingOptions): Recording {
  const book = new WanderingBook(random, options.levels / 2);
  const snapshot = {
    lastUpdateId: FIRST_VERSION,
    bids: book.levels("bids").map(toPadded),
    asks: book.levels("asks").map(toPadded),
  };
  let version = FIRST_VERSION;
  const frames = times(options.frames, (count) => {
    const { bids, asks } = book.change(options.changes);
    const fromVersion = version + 1;
    version += options.changes + random.integer(options.changes);
    const eventType = "spot@public.aggre.depth.v3.api.pb@100ms";
    const newestOrderAt = FIRST_TIME + count * 100;
    const body = encodeDepthChanges(eventType, { asks, bids, fromVersion, toVersion: version, newestOrderAt });
    return frameOf("publicAggreDepths", `${eventType}@${SYMBOL}`, body, count);
  });
  return { kind: "depth", symbol: SYMBOL, snapshot, frames };
}

function recordLimitDepth(random: Random, options: RecordingOptions): Recording {
  const book = new WanderingBook(random, options.levels / 2);
  const frames = times(options.frames, (count) => {
    book.change(options.changes);
    const [asks, bids] = [book.levels("asks").slice(0, 20), book.levels("bids").slice(0, 20)];
    const eventType = "spot@public.limit.depth.v3.api.pb";
    const [version, newestOrderAt] = [FIRST_VERSION + count, FIRST_TIME + count * 100];
    const body = encodeLimitDepth(eventType, { asks, bids, version, newestOrderAt });
    return frameOf("publicLimitDepths", `${eventType}@${SYMBOL}@20`, body, count);
  });
  return { kind: "limit-depth", symbol: SYMBOL, snapshot: NO_SNAPSHOT, frames };
}

function recordDeals(random: Random, options: RecordingOptions): Recording {
  const eventType = "spot@public.aggre.deals.v3.api.pb@100ms";
  const frames = times(options.frames, (count) => {
    const trades = times(5, (at) => ({
      tradeId: `${FIRST_VERSION + count * 5 + at}X${random.integer(9)}`,
      price: (BigInt(9_287_000 + random.integer(2_000)) * 10n ** 16n) as Price,
      quantity: (BigInt(1 + random.integer(3_000_000)) * 10n ** 12n) as Quantity,
      takerSide: random.next() < 0.5 ? ("BUY" as const) : ("SELL" as const),
      time: FIRST_TIME + count * 100 + at,
    }));
    return frameOf("publicAggreDeals", `${eventType}@${SYMBOL}`, encodeDeals(eventType, trades), count);
  });
  return { kind: "deals", symbol: SYMBOL, snapshot: NO_SNAPSHOT, frames };
}

/** Every symbol in every push, each time at a new price. */
function recordMiniTickers(random: Random, options: RecordingOptions): Recording {
  // A push of all symbols is hundreds of times larger than the others.
  const frames = times(Math.max(2, Math.ceil(options.frames / 400)), (count) => {
    const items = times(options.symbols, (index) => {
      const cents = 1_000 * (index + 1) + random.integer(1_000);
      const rate = (random.next() - 0.5).toFixed(4);
      const [high, low] = [((cents + 500) / 100).toFixed(2), ((cents - 500) / 100).toFixed(2)];
      return encodeMiniTicker({
        symbol: `COIN${index}USDT`,
        price: (cents / 100).toFixed(2),
        home: { rate, lastCloseRate: rate },
        zoned: { rate, lastCloseRate: rate },
        high,
        low,
        lastCloseHigh: high,
        lastCloseLow: low,
        quoteVolume: (random.next() * 1e7).toFixed(2),
        baseVolume: (random.next() * 1e5).toFixed(4),
      });
    });
    const body = new ProtoWriter().messages(1, items);
    return frameOf("publicMiniTickers", "spot@public.miniTickers.v3.api.pb@24H", body, count, "");
  });
  return { kind: "mini-tickers", symbol: "", snapshot: NO_SNAPSHOT, frames };
}

function frameOf(kind: BodyKind, channel: string, body: ProtoWriter, count: number, symbol = SYMBOL): Buffer {
  const named = symbol === "" ? {} : { symbol };
  return Buffer.from(encodePushFrame({ channel, ...named, sendTime: FIRST_TIME + count * 100, kind, body }));
}

/** REST pads its numbers where the stream trims them. */
function toPadded({ price, quantity }: PushedLevel): readonly [string, string] {
  return [formatMoney(price, 2), formatMoney(quantity, 6)];
}

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
