import type { Price, Quantity } from "../../core/domain/money.ts";
import { roundToStep, toDrawingNumber } from "../../core/domain/money.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { Market } from "../engine/market.ts";
import type { Side } from "../engine/order.ts";
import { oppositeOf } from "../engine/order.ts";
import type { Random } from "../random.ts";
import type { CatalogueRow } from "./catalogue-row.ts";
import { Ladder } from "./ladder.ts";

const TAKER_SHARE = 0.16;
const DAY_SECONDS = 86_400;
// A process that was suspended does not play everything it missed.
const CATCH_UP_MS = 1_000;
const USUAL_TRADE_NOTIONAL = 700;
const USUAL_LEVEL_NOTIONAL = 12_000;
const LEVEL_GAP = 0.000004;

/** Makers and takers of one market. Everything they do goes through the book. */
export class Crowd {
  readonly market: Market;
  readonly #exchange: Exchange;
  readonly #row: CatalogueRow;
  readonly #random: Random;
  readonly #ladder: Ladder;
  readonly #tick: number;
  /** What the makers think it is worth, in ticks. */
  #fair: number;
  #anchor: number;
  #nextAt: number;
  /** Takers come in bouts of buying and selling. */
  #mood = 0;

  constructor(exchange: Exchange, market: Market, row: CatalogueRow, random: Random, startTime: number) {
    this.#exchange = exchange;
    this.market = market;
    this.#row = row;
    this.#random = random;
    this.#tick = toDrawingNumber(market.instrument.tickSize);
    this.#fair = toDrawingNumber(market.lastPrice) / this.#tick;
    this.#anchor = this.#fair;
    this.#nextAt = startTime + random.waitMs(row.activity);
    this.#ladder = new Ladder(exchange, market, random, {
      priceTicks: this.#fair,
      gapTicks: Math.max(1, this.#fair * LEVEL_GAP),
      usualQuantity: USUAL_LEVEL_NOTIONAL / usdOf(row),
    });
    this.#ladder.rebuild(...this.#tops());
  }

  /** Plays everything that is due by now. */
  step(now: number): void {
    if (this.#nextAt < now - CATCH_UP_MS) this.#nextAt = now - CATCH_UP_MS;
    while (this.#nextAt <= now) {
      this.#act();
      this.#nextAt += this.#random.waitMs(this.#row.activity);
    }
  }

  /** Sweeps the book to a price, prints a trade there and makes markets around it from then on. */
  moveTo(price: Price): void {
    const { book, instrument, lastPrice } = this.market;
    const target = roundToStep(price, instrument.tickSize, "half-even");
    const bid = book.best("BUY")?.price ?? lastPrice;
    const ask = book.best("SELL")?.price ?? lastPrice;
    const side: Side = target * 2n >= bid + ask ? "BUY" : "SELL";
    const quantity = this.#tradeQuantity();
    this.#exchange.takeAsHouse(this.market, side, EVERYTHING, target);
    // Nothing is left up to the target, so this maker stands and is what the taker gets.
    this.#exchange.restAsHouse(this.market, oppositeOf(side), target, quantity);
    this.#exchange.takeAsHouse(this.market, side, quantity, target);
    this.#fair = toDrawingNumber(target) / this.#tick;
    this.#anchor = this.#fair;
    this.#ladder.rebuild(...this.#tops());
  }

  #act(): void {
    const random = this.#random;
    this.#mood = this.#mood * 0.98 + random.gaussian() * 0.06;
    if (random.next() < TAKER_SHARE) {
      const side: Side = random.next() < 0.5 + this.#mood * 0.4 ? "BUY" : "SELL";
      this.#exchange.takeAsHouse(this.market, side, this.#tradeQuantity(), undefined);
      this.#fair *= 1 + (side === "BUY" ? 1 : -1) * this.#actionDeviation() * 0.5;
    } else {
      const pull = (this.#anchor / this.#fair - 1) * 0.000_01;
      this.#fair *= 1 + random.gaussian() * this.#actionDeviation() + pull;
      if (random.next() < 0.6) this.#ladder.stir();
    }
    this.#fair = Math.max(2, this.#fair);
    this.#ladder.follow(...this.#tops());
  }

  #actionDeviation(): number {
    return this.#row.volatility / Math.sqrt(DAY_SECONDS * this.#row.activity);
  }

  #tops(): readonly [bid: number, ask: number] {
    const bid = Math.max(1, Math.floor(this.#fair - 0.5));
    return [bid, bid + Math.max(1, Math.round(this.#fair * LEVEL_GAP * 0.5))];
  }

  #tradeQuantity(): Quantity {
    const { stepSize, quantityDecimals } = this.market.instrument;
    const base = (USUAL_TRADE_NOTIONAL / usdOf(this.#row)) * Math.exp(this.#random.gaussian() * 1.3);
    return (BigInt(Math.max(1, Math.round(base * 10 ** quantityDecimals))) * stepSize) as Quantity;
  }
}

const EVERYTHING = (10n ** 40n) as Quantity;
const USD_OF_QUOTE: Readonly<Record<string, number>> = { BTC: 65_000, ETH: 3_400 };

/** Rough dollars for one base unit, so that sizes are alike whatever a market is quoted in. */
function usdOf(row: CatalogueRow): number {
  return row.price * (USD_OF_QUOTE[row.quote] ?? 1);
}
