import type { Price, Quantity } from "../../../src/core/domain/money.ts";
import { stepOfDecimals } from "../../../src/core/domain/money.ts";
import type { Random } from "../../../src/simulator/random.ts";
import type { PushedLevel } from "../../../src/simulator/wire/public-messages.ts";

type Side = "bids" | "asks";

/** Ticks of a cent and quantities of six decimals, as the largest market has them. */
const TICK = stepOfDecimals(2);
const LOT = stepOfDecimals(6);
const FIRST_MIDDLE = 9_287_758;

/**
 * A book of a fixed number of levels that changes as books do: mostly near the best price and ever less below, most
 * changes to levels that are there, some to new ones, some gone, while the middle wanders by single ticks.
 */
export class WanderingBook {
  readonly #random: Random;
  readonly #levelsPerSide: number;
  readonly #sides: Readonly<Record<Side, Map<number, number>>> = { bids: new Map(), asks: new Map() };
  #middle = FIRST_MIDDLE;

  constructor(random: Random, levelsPerSide: number) {
    this.#random = random;
    this.#levelsPerSide = levelsPerSide;
    for (const side of ["bids", "asks"] as const)
      for (let away = 0; this.#sides[side].size < levelsPerSide; away += 1)
        if (random.next() < 0.6) this.#sides[side].set(this.#ticksAt(side, away), this.#lots());
  }

  levels(side: Side): readonly PushedLevel[] {
    const best = side === "bids" ? -1 : 1;
    return [...this.#sides[side]]
      .sort(([left], [right]) => (left - right) * best)
      .map(([ticks, lots]) => toLevel(ticks, lots));
  }

  /** Changes exactly `count` levels, each once. @returns their new quantities, zero for those that are gone */
  change(count: number): Readonly<Record<Side, readonly PushedLevel[]>> {
    const changed = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    this.#wander(changed);
    while (changed.bids.size + changed.asks.size < count) {
      const side = this.#random.next() < 0.5 ? "bids" : "asks";
      const levels = this.#sides[side];
      const away = Math.floor(-Math.log(1 - this.#random.next()) * (this.#levelsPerSide / 8));
      const ticks = levels.size > this.#levelsPerSide ? this.#worst(side) : this.#ticksAt(side, away);
      if (changed[side].has(ticks)) continue;
      const isGone = levels.size > this.#levelsPerSide || (levels.has(ticks) && this.#random.next() < 0.25);
      this.#set(side, ticks, isGone ? 0 : this.#lots(), changed);
    }
    const list = (side: Side) => [...changed[side]].map(([ticks, lots]) => toLevel(ticks, lots));
    return { bids: list("bids"), asks: list("asks") };
  }

  /** One tick up or down now and then; what stands on the wrong side then is gone. */
  #wander(changed: Readonly<Record<Side, Map<number, number>>>): void {
    if (this.#random.next() > 0.2) return;
    const isUp = this.#random.next() < 0.5;
    this.#middle += isUp ? 1 : -1;
    const [side, ticks] = isUp ? (["asks", this.#middle] as const) : (["bids", this.#middle + 1] as const);
    if (this.#sides[side].has(ticks)) this.#set(side, ticks, 0, changed);
  }

  #set(side: Side, ticks: number, lots: number, changed: Readonly<Record<Side, Map<number, number>>>): void {
    if (lots === 0) this.#sides[side].delete(ticks);
    else this.#sides[side].set(ticks, lots);
    changed[side].set(ticks, lots);
  }

  #ticksAt(side: Side, away: number): number {
    return side === "bids" ? this.#middle - away : this.#middle + 1 + away;
  }

  #worst(side: Side): number {
    const all = [...this.#sides[side].keys()];
    return side === "bids" ? Math.min(...all) : Math.max(...all);
  }

  #lots(): number {
    return 1 + this.#random.integer(3_000_000);
  }
}

function toLevel(ticks: number, lots: number): PushedLevel {
  return { price: (BigInt(ticks) * TICK) as Price, quantity: (BigInt(lots) * LOT) as Quantity };
}
