import type { Price, Quantity } from "../../core/domain/money.ts";
import type { Exchange } from "../engine/exchange.ts";
import type { Market } from "../engine/market.ts";
import type { RestingOrder } from "../engine/order-book.ts";
import type { Side } from "../engine/order.ts";
import type { Random } from "../random.ts";

const LEVELS = 60;
const MOST_GROWTH = 0.08;
const WIDEST_SPAN = 0.05;
// A span that moves with the price is a little wider than the one it began with.
const SPAN_TOLERANCE = 1.5;

interface Rung {
  readonly ticks: number;
  readonly order: RestingOrder;
}

export interface LadderShape {
  /** The price the ladder is shaped for, in ticks. */
  readonly priceTicks: number;
  /** Distance between the two best levels of a side, in ticks. */
  readonly gapTicks: number;
  /** Base units of a usual level near the top. */
  readonly usualQuantity: number;
}

/** The standing orders of one market's makers: dense at the top, wider and thicker further out. */
export class Ladder {
  readonly #exchange: Exchange;
  readonly #market: Market;
  readonly #random: Random;
  readonly #shape: LadderShape;
  readonly #growth: number;
  /** Nobody stands farther from the top than this, in ticks. */
  readonly #farthest: number;
  /** Best first. */
  readonly #rungs: Record<Side, Rung[]> = { BUY: [], SELL: [] };

  constructor(exchange: Exchange, market: Market, random: Random, shape: LadderShape) {
    this.#exchange = exchange;
    this.#market = market;
    this.#random = random;
    this.#shape = shape;
    this.#growth = growthFor(shape);
    this.#farthest = Math.ceil(Math.max(shape.priceTicks * WIDEST_SPAN, shape.gapTicks * LEVELS) * SPAN_TOLERANCE);
  }

  /** Takes every order of the makers back and stands anew. */
  rebuild(bidTicks: number, askTicks: number): void {
    for (const side of ["BUY", "SELL"] as const) {
      for (const rung of this.#rungs[side]) this.#withdraw(rung);
      this.#rungs[side] = [];
    }
    this.#build("BUY", bidTicks);
    this.#build("SELL", askTicks);
  }

  /** Moves the tops to these ticks with as few orders as a maker would: nobody quotes through, gaps close step by step. */
  follow(bidTicks: number, askTicks: number): void {
    this.#retreat("BUY", bidTicks);
    this.#retreat("SELL", askTicks);
    this.#advance("BUY", bidTicks);
    this.#advance("SELL", askTicks);
  }

  /** One level somewhere near the top gets another quantity. */
  stir(): void {
    const side = this.#random.next() < 0.5 ? "BUY" : "SELL";
    const rungs = this.#rungs[side];
    const at = Math.min(rungs.length - 1, Math.floor(Math.abs(this.#random.gaussian()) * 8));
    const rung = rungs[at];
    if (rung === undefined) return;
    this.#withdraw(rung);
    rungs[at] = this.#stand(side, rung.ticks, at);
  }

  #build(side: Side, topTicks: number): void {
    const direction = side === "BUY" ? -1 : 1;
    let distance = 0;
    for (let at = 0; at < LEVELS; at += 1) {
      const ticks = topTicks + direction * distance;
      if (ticks < 1) return;
      this.#rungs[side].push(this.#stand(side, ticks, at));
      distance += this.#gapAt(distance);
    }
  }

  #retreat(side: Side, topTicks: number): void {
    const rungs = this.#rungs[side];
    let first = rungs[0];
    while (first !== undefined && (first.order.remaining === 0n || isBeyond(side, first.ticks, topTicks))) {
      this.#withdraw(first);
      rungs.shift();
      first = rungs[0];
    }
  }

  #advance(side: Side, topTicks: number): void {
    const rungs = this.#rungs[side];
    const direction = side === "BUY" ? -1 : 1;
    const first = rungs[0];
    if (first === undefined || Math.abs(topTicks - first.ticks) >= this.#gapAt(0)) {
      if (topTicks >= 1) rungs.unshift(this.#stand(side, topTicks, 0));
    }
    const top = rungs[0];
    const last = rungs[rungs.length - 1];
    if (rungs.length < LEVELS && top !== undefined && last !== undefined) {
      const ticks = last.ticks + direction * this.#gapAt(Math.abs(last.ticks - top.ticks));
      if (ticks >= 1 && Math.abs(ticks - top.ticks) <= this.#farthest) {
        rungs.push(this.#stand(side, ticks, rungs.length));
      }
    }
    if (rungs.length > LEVELS) this.#thin(rungs);
    this.#forget(rungs, topTicks);
  }

  /** Takes back what the price has left behind. */
  #forget(rungs: Rung[], topTicks: number): void {
    let last = rungs[rungs.length - 1];
    while (last !== undefined && Math.abs(last.ticks - topTicks) > this.#farthest) {
      this.#withdraw(last);
      rungs.pop();
      last = rungs[rungs.length - 1];
    }
  }

  /** Drops the rung that stands closest to its neighbours for where it is, so that the shape survives a long move. */
  #thin(rungs: Rung[]): void {
    const top = rungs[0]?.ticks ?? 0;
    let crowded = rungs.length - 1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 1; at < rungs.length - 1; at += 1) {
      const span = Math.abs((rungs[at + 1]?.ticks ?? 0) - (rungs[at - 1]?.ticks ?? 0));
      const crowding = span / this.#gapAt(Math.abs((rungs[at]?.ticks ?? 0) - top));
      if (crowding < least) {
        least = crowding;
        crowded = at;
      }
    }
    const [dropped] = rungs.splice(crowded, 1);
    if (dropped !== undefined) this.#withdraw(dropped);
  }

  #gapAt(distance: number): number {
    return Math.max(1, Math.round(this.#shape.gapTicks + distance * this.#growth));
  }

  #stand(side: Side, ticks: number, at: number): Rung {
    const { tickSize, stepSize, quantityDecimals } = this.#market.instrument;
    const base = this.#shape.usualQuantity * (0.4 + at * 0.05) * Math.exp(this.#random.gaussian() * 0.7);
    const steps = Math.max(1, Math.round(base * 10 ** quantityDecimals));
    const quantity = (BigInt(steps) * stepSize) as Quantity;
    return {
      ticks,
      order: this.#exchange.restAsHouse(this.#market, side, (BigInt(ticks) * tickSize) as Price, quantity),
    };
  }

  #withdraw(rung: Rung): void {
    if (rung.order.remaining > 0n) this.#market.book.remove(rung.order);
  }
}

/** How much wider each gap is than the one before it: less on markets with coarse ticks, where 60 levels go far anyway. */
function growthFor({ priceTicks, gapTicks }: LadderShape): number {
  for (let growth = MOST_GROWTH; growth > 0; growth -= 0.005) {
    const span = (gapTicks * ((1 + growth) ** LEVELS - 1)) / growth;
    if (span <= priceTicks * WIDEST_SPAN) return growth;
  }
  return 0;
}

function isBeyond(side: Side, ticks: number, topTicks: number): boolean {
  return side === "BUY" ? ticks > topTicks : ticks < topTicks;
}
