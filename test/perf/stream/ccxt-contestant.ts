import { loadPeer } from "../../peers/installed-peer.ts";
import type { Contestant } from "./contestant.ts";
import { levelsAsNumbers } from "./contestant.ts";
import type { Recording } from "./recording.ts";

type NumberedLevel = readonly [price: number, quantity: number];

interface CcxtBook {
  readonly bids: readonly NumberedLevel[];
  readonly asks: readonly NumberedLevel[];
}
interface CcxtTrade {
  readonly side: string;
  readonly timestamp: number;
  readonly price: number;
  readonly amount: number;
}
interface DecodedLevel {
  readonly price: string;
  readonly quantity: string;
}
/** A frame as ccxt's decoder gives it. */
interface DecodedFrame {
  readonly publicLimitDepths?: { readonly asks?: readonly DecodedLevel[]; readonly bids?: readonly DecodedLevel[] };
  readonly publicMiniTickers?: { readonly items: readonly { readonly symbol: string; readonly price: string }[] };
}

/** What this bench uses of ccxt's class for MEXC; the names are ccxt's. */
interface CcxtExchange {
  readonly orderbooks: Record<string, CcxtBook>;
  readonly trades: Record<string, readonly CcxtTrade[]>;
  loadExchangeSpecificFiles(): Promise<void>;
  setMarkets(markets: readonly object[]): void;
  safeMarketStructure(market: object): object;
  parseOrderBook(snapshot: object, symbol: string): object;
  orderBook(snapshot: object): CcxtBook;
  client(url: string): object;
  handleMessage(client: object, frame: Uint8Array): void;
  decodeProtoMsg(frame: Uint8Array): DecodedFrame;
}
interface Ccxt {
  readonly pro: { readonly mexc: new () => CcxtExchange };
}

const SYMBOL = "BTC/USDT";

/**
 * ccxt's own way of a frame, from where its socket hands it over: `handleMessage`, which decodes by protobufjs and goes
 * on to its book or its list of trades. It has no handler for full depths and for all tickers, so those it decodes only.
 */
export async function createCcxtContestant(recording: Recording): Promise<Contestant> {
  const { frames, snapshot, kind } = recording;
  const ccxt = await loadPeer<Ccxt>("ccxt");
  const exchange = new ccxt.pro.mexc();
  await exchange.loadExchangeSpecificFiles();
  const market = { id: recording.symbol, symbol: SYMBOL, base: "BTC", quote: "USDT", baseId: "BTC", quoteId: "USDT" };
  const precision = { amount: 1e-6, price: 0.01 };
  exchange.setMarkets([exchange.safeMarketStructure({ ...market, spot: true, type: "spot", active: true, precision })]);
  // Nothing connects until something is watched.
  const client = exchange.client("wss://wbs-api.mexc.com/ws");
  const tickers = new Map<string, number>();
  let last: DecodedFrame = {};

  return {
    prepare() {
      const book = { ...exchange.parseOrderBook(snapshot, SYMBOL), nonce: snapshot.lastUpdateId };
      exchange.orderbooks[SYMBOL] = exchange.orderBook(book);
      delete exchange.trades[SYMBOL];
      tickers.clear();
    },
    run() {
      if (kind === "depth" || kind === "deals") for (const frame of frames) exchange.handleMessage(client, frame);
      else for (const frame of frames) last = exchange.decodeProtoMsg(frame);
    },
    answer() {
      switch (kind) {
        case "depth": {
          const book = exchange.orderbooks[SYMBOL];
          return { state: "live", bids: pairs(book?.bids), asks: pairs(book?.asks) };
        }
        case "limit-depth":
          return { bids: texts(last.publicLimitDepths?.bids), asks: texts(last.publicLimitDepths?.asks) };
        case "deals":
          return {
            trades: (exchange.trades[SYMBOL] ?? []).map(({ side, timestamp, price, amount }) => [
              side,
              timestamp,
              price,
              amount,
            ]),
          };
        case "mini-tickers":
          return {
            tickers: (last.publicMiniTickers?.items ?? []).map(({ symbol, price }) => [symbol, Number(price)]),
          };
      }
    },
  };
}

function pairs(levels: readonly NumberedLevel[] = []): readonly NumberedLevel[] {
  return Array.from(levels, ([price, quantity]) => [price, quantity] as const);
}

function texts(levels: readonly DecodedLevel[] = []): readonly (readonly [number, number])[] {
  return levelsAsNumbers(levels.map(({ price, quantity }) => [price, quantity] as const));
}
