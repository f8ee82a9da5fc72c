import type { Candle } from "../../../src/core/domain/candle.ts";
import { add, maximum, minimum, notional, notionalOf, quantity } from "../../../src/core/domain/money.ts";
import type { PublicTrade } from "../../../src/core/domain/public-trade.ts";
import type { ConnectionState, MarketEvent, MarketFeed, MarketTopic } from "../../../src/core/ports/market-feed.ts";

/** The market stream of one process, spoken by a test. While the process is frozen, what comes waits in its buffers. */
export function createScriptedFeed() {
  const listeners = new Map<string, Set<(event: MarketEvent) => void>>();
  const connections = new Set<(state: ConnectionState) => void>();
  const buffered: (() => void)[] = [];
  let isFrozen = false;
  const keyOf = (topic: MarketTopic) => ("symbol" in topic ? `${topic.kind} ${topic.symbol}` : topic.kind);
  const deliver = (work: () => void) => {
    if (isFrozen) buffered.push(work);
    else work();
  };
  const feed: MarketFeed = {
    subscribe(topic, listener) {
      const key = keyOf(topic);
      const mine = listeners.get(key) ?? new Set();
      listeners.set(key, mine.add(listener));
      return { close: () => mine.delete(listener) };
    },
    onConnection(listener) {
      connections.add(listener);
      return { close: () => connections.delete(listener) };
    },
    close: () => Promise.resolve(),
  };
  return {
    feed,
    isWanted: (topic: MarketTopic) => (listeners.get(keyOf(topic))?.size ?? 0) > 0,
    say(topic: MarketTopic, event: MarketEvent) {
      deliver(() => {
        for (const listener of listeners.get(keyOf(topic)) ?? []) listener(event);
      });
    },
    connection(state: ConnectionState) {
      deliver(() => {
        for (const listener of connections) listener(state);
      });
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      for (const work of buffered.splice(0)) work();
    },
    /** The process is gone: nothing reaches it any more. */
    drop() {
      listeners.clear();
      connections.clear();
    },
  };
}

export type ScriptedFeed = ReturnType<typeof createScriptedFeed>;

/** The latest two minutes, as the exchange tells them. */
export function minutesOf(trades: readonly PublicTrade[]): readonly Candle[] {
  const minutes = new Map<number, Candle>();
  for (const { symbol, price: at, quantity: amount, at: time } of trades) {
    const openTime = time - (time % 60_000);
    const before = minutes.get(openTime);
    minutes.set(openTime, {
      ...{ symbol, interval: "1m", openTime, open: before?.open ?? at, close: at },
      ...{ high: maximum(before?.high ?? at, at), low: minimum(before?.low ?? at, at) },
      baseVolume: add(before?.baseVolume ?? quantity("0"), amount),
      quoteVolume: add(before?.quoteVolume ?? notional("0"), notionalOf(at, amount, "half-even")),
    });
  }
  return [...minutes.values()].slice(-2);
}
