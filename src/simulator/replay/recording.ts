import { decimalsOf, toDrawingNumber } from "../../core/domain/money.ts";
import type { Price, Quantity } from "../../core/domain/money.ts";
import { stepOfDecimals } from "../../core/domain/money.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { SimInstrument } from "../engine/instrument.ts";
import type { Market } from "../engine/market.ts";
import type { TapeTrade } from "../engine/order.ts";
import { Ladder } from "../market/ladder.ts";
import type { Random } from "../random.ts";

const MINUTE = 60_000;
/** A client subscribes to its channels in several messages; nothing of the recording is played before they are in. */
const LEAD_MS = 300;
const BATCH = 250;

export interface RecordingOptions {
  readonly trades: readonly TapeTrade[];
  /** Recorded seconds a second; 0 plays as fast as it can. */
  readonly speed: number;
  readonly originalTimes: boolean;
}

/** Plays a recording into a market: every trade as it stands, once and in order, with the makers around it. */
export class Recording {
  readonly market: Market;
  readonly #exchange: Exchange;
  readonly #options: RecordingOptions;
  readonly #ladder: Ladder;
  readonly #tick: number;
  #startAt: number | undefined;
  #played = 0;

  constructor(exchange: Exchange, market: Market, random: Random, options: RecordingOptions) {
    this.#exchange = exchange;
    this.market = market;
    this.#options = options;
    this.#tick = toDrawingNumber(market.instrument.tickSize);
    const opening = this.#ticksOf(market.lastPrice);
    this.#ladder = new Ladder(exchange, market, random, {
      priceTicks: opening,
      gapTicks: Math.max(1, opening * 0.000_01),
      usualQuantity: 12_000 / toDrawingNumber(market.lastPrice),
    });
    this.#ladder.rebuild(Math.max(1, opening - 1), opening + 1);
  }

  get isDone(): boolean {
    return this.#played === this.#options.trades.length;
  }

  /** Somebody listens: the recording begins, unless it already has. */
  begin(now: number): void {
    this.#startAt ??= now + LEAD_MS;
  }

  /** Plays everything that is due by now. */
  step(now: number): void {
    const { trades, speed, originalTimes } = this.#options;
    const first = trades[0];
    if (this.#startAt === undefined || first === undefined || now < this.#startAt || this.isDone) return;
    const shift = originalTimes ? 0 : Math.floor((this.#startAt - first.time) / MINUTE) * MINUTE;
    const due = speed > 0 ? first.time + (now - this.#startAt) * speed : Number.POSITIVE_INFINITY;
    const end = Math.min(trades.length, this.#played + (speed > 0 ? trades.length : BATCH));
    while (this.#played < end) {
      const trade = trades[this.#played];
      if (trade === undefined || trade.time > due) return;
      this.#played += 1;
      this.#play({ ...trade, time: trade.time + shift });
    }
  }

  #play(trade: TapeTrade): void {
    const ticks = this.#ticksOf(trade.price);
    // The tape went through the book at this price: nobody of the house stands better.
    const [bid, ask] = trade.takerSide === "BUY" ? [ticks - 1, ticks] : [ticks, ticks + 1];
    this.#ladder.follow(Math.max(1, bid), ask);
    this.#exchange.printRecorded(this.market, trade);
  }

  #ticksOf(price: Price): number {
    return Math.round(toDrawingNumber(price) / this.#tick);
  }
}

/** The rules of a market, widened until every number of the recording fits its steps. */
export function fitInstrument(instrument: SimInstrument, trades: readonly TapeTrade[]): SimInstrument {
  const { priceDecimals, quantityDecimals } = trades.reduce(
    (most, trade) => ({
      priceDecimals: Math.max(most.priceDecimals, decimalsOf(trade.price)),
      quantityDecimals: Math.max(most.quantityDecimals, decimalsOf(trade.quantity)),
    }),
    { priceDecimals: instrument.priceDecimals, quantityDecimals: instrument.quantityDecimals },
  );
  return {
    ...instrument,
    priceDecimals,
    quantityDecimals,
    tickSize: stepOfDecimals(priceDecimals) as Price,
    stepSize: stepOfDecimals(quantityDecimals) as Quantity,
  };
}
