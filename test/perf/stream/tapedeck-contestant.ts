import { tickerFromPush, tradeFromPush } from "../../../src/adapters/mexc/to-domain/stream.ts";
import type { Push } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { decodePush } from "../../../src/adapters/mexc/ws/decode-push.ts";
import type { LocalBook } from "../../../src/adapters/mexc/ws/local-book.ts";
import { createLocalBook } from "../../../src/adapters/mexc/ws/local-book.ts";
import { TextMemory } from "../../../src/adapters/mexc/ws/text-memory.ts";
import { createWireLadder } from "../../../src/adapters/mexc/ws/wire-ladder.ts";
import type { LadderView } from "../../../src/core/domain/book.ts";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import { formatMoney } from "../../../src/core/domain/money.ts";
import type { PublicTrade } from "../../../src/core/domain/public-trade.ts";
import type { Ticker } from "../../../src/core/domain/ticker.ts";
import type { Answer, Contestant } from "./contestant.ts";
import { levelsAsNumbers } from "./contestant.ts";
import type { Recording } from "./recording.ts";

/** As many trades as ccxt keeps; its schema does not know their ids, so they are not compared. */
const TAPE_LENGTH = 1_000;

/** Our decoder with what the market feed does next: the book by its version rules, and rows read into the domain. */
export function createTapedeckContestant(recording: Recording): Contestant {
  switch (recording.kind) {
    case "depth":
      return followBook(recording);
    case "limit-depth":
      return fillBooks(recording);
    case "deals":
      return readTrades(recording);
    case "mini-tickers":
      return readTickers(recording);
  }
}

function followBook({ snapshot, frames }: Recording): Contestant {
  const names = new TextMemory();
  let book: LocalBook;
  return {
    async prepare() {
      const live = Promise.withResolvers<void>();
      book = createLocalBook({
        fetchSnapshot: () => Promise.resolve(snapshot),
        onChange: (_ladder, state) => {
          if (state === "live") live.resolve();
        },
        sleep: () => Promise.resolve(),
        now: () => 0,
      });
      book.resync();
      await live.promise;
    },
    run() {
      for (const frame of frames) {
        const push = decodePush(frame, names);
        if (push.body.kind === "depths") book.apply(push.body, push.sendTime);
      }
    },
    answer: () => ({ state: book.state, ...answerOf(book.ladder) }),
  };
}

function fillBooks({ frames }: Recording): Contestant {
  const names = new TextMemory();
  const ladder = createWireLadder();
  return {
    prepare: () => undefined,
    run() {
      for (const frame of frames) {
        const { body } = decodePush(frame, names);
        if (body.kind !== "depths") continue;
        ladder.clear();
        ladder.apply(body.changes);
      }
    },
    answer: () => answerOf(ladder),
  };
}

function readTrades({ frames, symbol }: Recording): Contestant {
  const names = new TextMemory();
  const market = marketSymbol(symbol);
  let tape: PublicTrade[] = [];
  const deliver = ({ body }: Push) => {
    if (body.kind === "deals") for (const deal of body.deals) tape.push(tradeFromPush(market, deal));
    if (tape.length > TAPE_LENGTH * 2) tape = tape.slice(-TAPE_LENGTH);
  };
  return {
    prepare() {
      tape = [];
    },
    run() {
      for (const frame of frames) deliver(decodePush(frame, names));
    },
    answer: () => ({
      trades: tape
        .slice(-TAPE_LENGTH)
        .map((trade) => [trade.side, trade.at, Number(formatMoney(trade.price)), Number(formatMoney(trade.quantity))]),
    }),
  };
}

function readTickers({ frames }: Recording): Contestant {
  const names = new TextMemory();
  const tickers = new Map<string, Ticker>();
  return {
    prepare() {
      tickers.clear();
    },
    run() {
      for (const frame of frames) {
        const { body, sendTime } = decodePush(frame, names);
        if (body.kind !== "mini-tickers") continue;
        for (const item of body.items) {
          const ticker = tickerFromPush(item, sendTime);
          tickers.set(ticker.symbol, ticker);
        }
      }
    },
    answer: () => ({
      tickers: [...tickers.values()].map(({ symbol, last }) => [
        symbol,
        last === undefined ? undefined : Number(formatMoney(last)),
      ]),
    }),
  };
}

function answerOf(ladder: LadderView): Answer {
  const side = (name: "buy" | "sell") =>
    levelsAsNumbers(
      ladder.top(name, Infinity).map(({ price, quantity }) => [formatMoney(price), formatMoney(quantity)] as const),
    );
  return { bids: side("buy"), asks: side("sell") };
}
