import WebSocket from "ws";
import { channelOf } from "../../../src/adapters/mexc/ws/channels.ts";
import { decodePush } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { createMarketFeed } from "../../../src/adapters/mexc/ws/market-feed.ts";
import { TextMemory } from "../../../src/adapters/mexc/ws/text-memory.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { createMarketFrames } from "../../../src/app/runtime/market-frames.ts";
import { createStore } from "../../../src/app/store/create-store.ts";
import { marketSelected } from "../../../src/app/store/market-slice.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { MarketEvent, MarketTopic } from "../../../src/core/ports/market-feed.ts";
import type { MarketStretch } from "./market-stretch.ts";
import { SYMBOL } from "./market-stretch.ts";

/** What came of one stretch. */
export interface Heard {
  readonly tickers: number;
  readonly trades: number;
  /** Levels of the book at the end; a bare listener keeps none. */
  readonly levels: number;
  /** Dispatches to the store. */
  readonly dispatches: number;
}

/** Listens until the whole stretch has come. @param onFirst is called with the first data that comes */
export type Listener = (wsUrl: string, stretch: MarketStretch, onFirst: () => void) => Promise<Heard>;

const symbol = marketSymbol(SYMBOL);
const TOPICS: readonly MarketTopic[] = [{ kind: "trades", symbol }, { kind: "book", symbol }, { kind: "tickers" }];
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** As the session of the console has it. */
const FRAME_MS = 33;

/** Everything that stands between the socket and the state the screen draws from. */
export const wholePath: Listener = async (wsUrl, { snapshot, trades: tradesToCome }, onFirst) => {
  const clock = createSystemClock();
  const store = createStore({ mode: "demo", version: "0", exchange: "bench", accountId: undefined });
  const feed = createMarketFeed({
    wsUrl,
    clock,
    random: () => 0.5,
    logger: SILENT,
    fetchSnapshot: () => Promise.resolve(snapshot),
    fetchNewestTradeAt: () => Promise.resolve(undefined),
  });
  const frames = createMarketFrames({
    store,
    clock,
    frameMs: FRAME_MS,
    schedule: (run, waitMs) => {
      const timer = setTimeout(run, waitMs);
      return () => clearTimeout(timer);
    },
  });
  store.dispatch(marketSelected({ symbol, interval: "1m" }));
  let trades = 0;
  let levels = 0;
  let dispatches = 0;
  let begun = false;
  const told = new Set<string>();
  const complete = Promise.withResolvers<undefined>();
  const unsubscribe = store.subscribe(() => {
    dispatches += 1;
  });
  const accept = (event: MarketEvent) => {
    frames.accept(event);
    if (event.type === "trades") trades += event.trades.length;
    if (event.type === "book") levels = event.ladder.depth("buy") + event.ladder.depth("sell");
    else if (!begun) {
      begun = true;
      onFirst();
    }
    if (event.type !== "tickers") return;
    for (const ticker of event.tickers) told.add(ticker.symbol);
    // The tickers come last in every beat, so after the last trade they end the stretch.
    if (trades >= tradesToCome) complete.resolve(undefined);
  };
  for (const topic of TOPICS) feed.subscribe(topic, accept);
  await complete.promise;
  frames.flush();
  unsubscribe();
  await feed.close();
  frames.close();
  const { tickers } = store.getState().market;
  const held = [...told].filter((name) => tickers.get(marketSymbol(name)) !== undefined).length;
  return { tickers: held, trades, levels, dispatches };
};

/** The least that can be done with the same frames: take them off a socket and decode them. */
export const bareLoop: Listener = async (wsUrl, { frames }, onFirst) => {
  const socket = new WebSocket(wsUrl, { perMessageDeflate: false });
  const complete = Promise.withResolvers<undefined>();
  const names = new TextMemory();
  let [count, tickers, trades] = [0, 0, 0];
  socket.on("open", () => {
    for (const topic of TOPICS) socket.send(JSON.stringify({ method: "SUBSCRIPTION", params: [channelOf(topic)] }));
  });
  socket.on("message", (data, isBinary) => {
    if (!isBinary) return;
    if (count === 0) onFirst();
    count += 1;
    const { body } = decodePush(data as Buffer, names);
    if (body.kind === "deals") trades += body.deals.length;
    if (body.kind === "mini-tickers") tickers = body.items.length;
    if (count === frames.length) complete.resolve(undefined);
  });
  socket.on("error", complete.reject);
  await complete.promise;
  socket.terminate();
  return { tickers, trades, levels: 0, dispatches: 0 };
};

export const LISTENERS = { tapedeck: wholePath, bare: bareLoop } as const;
export type ListenerName = keyof typeof LISTENERS;
