import type { Price } from "../../core/domain/money.ts";
import { CandleSeries } from "./candles.ts";
import type { CandleHistory } from "./candles.ts";
import type { SimInstrument } from "./instrument.ts";
import type { LevelListener } from "./order-book.ts";
import { OrderBook } from "./order-book.ts";
import type { TapeTrade } from "./order.ts";

const KEPT_TRADES = 1_000;

export interface MarketOptions {
  readonly instrument: SimInstrument;
  /** What the market is worth before its first trade. */
  readonly openingPrice: Price;
  readonly firstBookVersion: number;
  readonly history: CandleHistory | undefined;
  /** A market whose tape is a recording prints the recording and nothing else. */
  readonly tapeIsRecorded: boolean;
  readonly onLevel: LevelListener;
}

/** One market of the exchange: its rules, book, tape and candles. */
export class Market {
  readonly book: OrderBook;
  readonly candles: CandleSeries;
  readonly tapeIsRecorded: boolean;
  readonly #tape: TapeTrade[] = [];
  #instrument: SimInstrument;
  #lastPrice: Price;

  constructor(options: MarketOptions) {
    this.#instrument = options.instrument;
    this.book = new OrderBook(options.firstBookVersion, options.onLevel);
    this.candles = new CandleSeries(options.history);
    this.tapeIsRecorded = options.tapeIsRecorded;
    this.#lastPrice = options.openingPrice;
  }

  get instrument(): SimInstrument {
    return this.#instrument;
  }

  get symbol(): string {
    return this.#instrument.symbol;
  }

  /** Other rules from now on. */
  alter(changes: Partial<Omit<SimInstrument, "symbol">>): void {
    this.#instrument = { ...this.#instrument, ...changes };
  }

  get lastPrice(): Price {
    return this.#lastPrice;
  }

  get lastTrade(): TapeTrade | undefined {
    return this.#tape[this.#tape.length - 1];
  }

  /** The newest `limit` trades, newest first. */
  recentTrades(limit: number): readonly TapeTrade[] {
    return this.#tape.slice(-limit).toReversed();
  }

  print(trade: TapeTrade): void {
    this.#lastPrice = trade.price;
    this.#tape.push(trade);
    if (this.#tape.length > KEPT_TRADES * 2) this.#tape.splice(0, KEPT_TRADES);
    this.candles.apply(trade);
  }
}
