import { onTestFinished } from "vitest";
import type { ConnectionState } from "../../../src/core/ports/market-feed.ts";
import type { ConnectionTimings } from "../../../src/adapters/mexc/ws/connection-timings.ts";
import { createConnection } from "../../../src/adapters/mexc/ws/connection.ts";
import type { Push } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { createPoisonBox } from "../../../src/adapters/mexc/ws/poison-box.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { QUIET } from "./stream-venue.ts";

export type ConnectionOptions = readonly [
  channels: readonly string[],
  timings?: Partial<ConnectionTimings>,
  address?: () => string,
  clock?: Clock,
];

/** A connection to a scripted venue, with all it told. It closes at the end of the test. */
export function openWatchedConnection(
  venue: StreamVenue,
  ...[channels, timings, address = () => venue.url, clock = createSystemClock()]: ConnectionOptions
) {
  const poison = createPoisonBox(clock, QUIET);
  const seen = {
    poison,
    accepted: [] as string[],
    renewed: 0,
    unreadable: 0,
    sources: [] as number[],
    pushes: [] as Push[],
    states: [] as ConnectionState[],
    refused: [] as (readonly [string, string])[],
    texts: [] as string[],
    subscribed: 0,
  };
  const connection = createConnection({
    address: () => Promise.resolve(address()),
    clock,
    poison,
    random: () => 1,
    logger: QUIET,
    timings: { pingMs: 1_000, silenceMs: 3_000, firstRetryMs: 4, longestRetryMs: 64, ...timings },
    listener: {
      push: (push, source) => {
        seen.pushes.push(push);
        seen.sources.push(source);
      },
      accepted: (channel) => seen.accepted.push(channel),
      renewed: () => {
        seen.renewed += 1;
      },
      unreadable: () => {
        seen.unreadable += 1;
      },
      state: (state) => seen.states.push(state),
      refused: (channel, reason) => seen.refused.push([channel, reason]),
      subscribed: () => {
        seen.subscribed += 1;
      },
      text: (text) => seen.texts.push(text),
    },
  });
  onTestFinished(() => {
    connection.close();
  });
  for (const channel of channels) connection.subscribe(channel);
  return { connection, seen };
}

export const deals = (channel: string, price: string) => ({
  channel,
  symbol: "BTCUSDT",
  sendTime: 5,
  publicAggreDeals: { deals: [{ price, quantity: "1", tradeType: 1, time: 4 }] },
});
