import type { Interval } from "../engine/intervals.ts";
import { intervalByStreamName } from "../engine/intervals.ts";

/** What a channel name asks for. `eventType` is the channel without its symbol. */
export type Channel =
  | {
      readonly kind: "deals" | "depth" | "bookTop";
      readonly symbol: string;
      readonly everyMs: number;
      readonly eventType: string;
    }
  | { readonly kind: "limitDepth"; readonly symbol: string; readonly levels: number; readonly eventType: string }
  | { readonly kind: "bookTopBatch"; readonly symbol: string }
  | { readonly kind: "kline"; readonly symbol: string; readonly interval: Interval }
  | { readonly kind: "miniTicker"; readonly symbol: string }
  | { readonly kind: "miniTickers" }
  | { readonly kind: "private"; readonly topic: PrivateTopic };

export type PrivateTopic = "account" | "deals" | "orders";

const AGGREGATED = /^spot@public\.aggre\.(deals|depth|bookTicker)\.v3\.api\.pb@(100|10)ms@([^@]+)$/u;
const LIMIT_DEPTH = /^spot@public\.limit\.depth\.v3\.api\.pb@([^@]+)@(5|10|20)$/u;
const TOP_BATCH = /^spot@public\.bookTicker\.batch\.v3\.api\.pb@([^@]+)$/u;
const KLINE = /^spot@public\.kline\.v3\.api\.pb@([^@]+)@(\w+)$/u;
const MINI_TICKER = /^spot@public\.miniTicker\.v3\.api\.pb@([^@]+)@([^@]+)$/u;
const MINI_TICKERS = /^spot@public\.miniTickers\.v3\.api\.pb@([^@]+)$/u;
const PRIVATE = /^spot@private\.(account|deals|orders)\.v3\.api\.pb$/u;
const ZONE = /^(24H|UTC-(10|[3-8])|UTC\+([0-9]|1[0-3]|4:30|5:30|12:45))$/;

/** @returns undefined for a channel the exchange does not have; whether its symbol exists is not looked at. */
export function parseChannel(name: string): Channel | undefined {
  const aggregated = AGGREGATED.exec(name);
  if (aggregated !== null) {
    const [, topic = "", speed = "", symbol = ""] = aggregated;
    const kind = topic === "deals" ? "deals" : topic === "depth" ? "depth" : "bookTop";
    return { kind, symbol, everyMs: Number(speed), eventType: name.slice(0, name.lastIndexOf("@")) };
  }
  const limitDepth = LIMIT_DEPTH.exec(name);
  if (limitDepth !== null) {
    const [, symbol = "", levels = ""] = limitDepth;
    return { kind: "limitDepth", symbol, levels: Number(levels), eventType: "spot@public.limit.depth.v3.api.pb" };
  }
  const topBatch = TOP_BATCH.exec(name);
  if (topBatch !== null) return { kind: "bookTopBatch", symbol: topBatch[1] ?? "" };
  const kline = KLINE.exec(name);
  if (kline !== null) {
    const interval = intervalByStreamName(kline[2] ?? "");
    return interval === undefined ? undefined : { kind: "kline", symbol: kline[1] ?? "", interval };
  }
  const miniTicker = MINI_TICKER.exec(name);
  if (miniTicker !== null) {
    return ZONE.test(miniTicker[2] ?? "") ? { kind: "miniTicker", symbol: miniTicker[1] ?? "" } : undefined;
  }
  const miniTickers = MINI_TICKERS.exec(name);
  if (miniTickers !== null) return ZONE.test(miniTickers[1] ?? "") ? { kind: "miniTickers" } : undefined;
  const topic = PRIVATE.exec(name)?.[1];
  if (topic === "account" || topic === "deals" || topic === "orders") return { kind: "private", topic };
  return undefined;
}

export function symbolOf(channel: Channel): string | undefined {
  return "symbol" in channel ? channel.symbol : undefined;
}
