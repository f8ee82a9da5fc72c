import type { Interval } from "../engine/intervals.ts";
import { intervalByStreamName } from "../engine/intervals.ts";
import type { Zone } from "./zone.ts";
import { parseZone } from "./zone.ts";

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
  /** Retired; only an exchange that is asked to still has it. */
  | { readonly kind: "depthBatch"; readonly symbol: string; readonly eventType: string }
  | { readonly kind: "kline"; readonly symbol: string; readonly interval: Interval }
  | { readonly kind: "miniTicker"; readonly symbol: string; readonly zone: Zone }
  | { readonly kind: "miniTickers"; readonly zone: Zone }
  | { readonly kind: "private"; readonly topic: PrivateTopic };

export const PRIVATE_TOPICS = ["account", "deals", "orders"] as const;
export type PrivateTopic = (typeof PRIVATE_TOPICS)[number];

/** A form of channel names, and what a name of that form asks for. */
interface Form {
  readonly pattern: RegExp;
  readonly read: (parts: readonly string[], name: string) => Channel | undefined;
}

const AGGREGATED_KINDS: Readonly<Record<string, "deals" | "depth" | "bookTop">> = {
  deals: "deals",
  depth: "depth",
  bookTicker: "bookTop",
};

const FORMS: readonly Form[] = [
  {
    pattern: /^spot@public\.aggre\.(deals|depth|bookTicker)\.v3\.api\.pb@(100|10)ms@([^@]+)$/u,
    read: ([topic = "", speed, symbol = ""], name) => ({
      kind: AGGREGATED_KINDS[topic] ?? "deals",
      symbol,
      everyMs: Number(speed),
      eventType: name.slice(0, name.lastIndexOf("@")),
    }),
  },
  {
    pattern: /^(spot@public\.limit\.depth\.v3\.api\.pb)@([^@]+)@(5|10|20)$/u,
    read: ([eventType = "", symbol = "", levels]) => ({
      kind: "limitDepth",
      symbol,
      levels: Number(levels),
      eventType,
    }),
  },
  {
    pattern: /^spot@public\.bookTicker\.batch\.v3\.api\.pb@([^@]+)$/u,
    read: ([symbol = ""]) => ({ kind: "bookTopBatch", symbol }),
  },
  {
    pattern: /^(spot@public\.increase\.depth\.batch\.v3\.api\.pb)@([^@]+)$/u,
    read: ([eventType = "", symbol = ""]) => ({ kind: "depthBatch", symbol, eventType }),
  },
  {
    pattern: /^spot@public\.kline\.v3\.api\.pb@([^@]+)@(\w+)$/u,
    read: ([symbol = "", name = ""]) => {
      const interval = intervalByStreamName(name);
      return interval === undefined ? undefined : { kind: "kline", symbol, interval };
    },
  },
  {
    pattern: /^spot@public\.miniTicker\.v3\.api\.pb@([^@]+)@([^@]+)$/u,
    read: ([symbol = "", name = ""]) => {
      const zone = parseZone(name);
      return zone === undefined ? undefined : { kind: "miniTicker", symbol, zone };
    },
  },
  {
    pattern: /^spot@public\.miniTickers\.v3\.api\.pb@([^@]+)$/u,
    read: ([name = ""]) => {
      const zone = parseZone(name);
      return zone === undefined ? undefined : { kind: "miniTickers", zone };
    },
  },
  {
    pattern: /^spot@private\.(account|deals|orders)\.v3\.api\.pb$/u,
    read: ([name]) => {
      const topic = PRIVATE_TOPICS.find((one) => one === name);
      return topic === undefined ? undefined : { kind: "private", topic };
    },
  },
];

/** @returns undefined for a channel the exchange does not have; whether its symbol exists is not looked at. */
export function parseChannel(name: string): Channel | undefined {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(name);
    if (match !== null) return read(match.slice(1), name);
  }
  return undefined;
}

export function symbolOf(channel: Channel): string | undefined {
  return "symbol" in channel ? channel.symbol : undefined;
}
