import type { Price } from "../../core/domain/money.ts";
import { ZERO_PRICE, formatMoney, maximum, minimum, ratioOf } from "../../core/domain/money.ts";
import type { Opening } from "../engine/candles.ts";
import type { Market } from "../engine/market.ts";
import { dayOf, presentOf } from "../market-view.ts";
import type { PushedMiniTicker } from "../wire/public-messages.ts";
import type { Zone } from "./zone.ts";
import { HOME_ZONE, dayStartOf } from "./zone.ts";

const RATE_DECIMALS = 4;

/** The mini tickers of one zone. */
export class MiniTickers {
  readonly #zoned: DayOpenings;
  readonly #home = new DayOpenings(HOME_ZONE);

  constructor(zone: Zone) {
    this.#zoned = new DayOpenings(zone);
  }

  tickerOf(market: Market, now: number): PushedMiniTicker {
    const day = dayOf(market, now);
    const present = presentOf(market, now);
    const zoned = this.#zoned.of(market, present);
    const lastClose = zoned?.lastClose ?? day.open;
    return {
      symbol: market.symbol,
      price: formatMoney(day.last),
      home: ratesOf(day.last, this.#home.of(market, present)),
      zoned: ratesOf(day.last, zoned),
      high: formatMoney(day.high),
      low: formatMoney(day.low),
      lastCloseHigh: formatMoney(maximum(day.high, lastClose)),
      lastCloseLow: formatMoney(minimum(day.low, lastClose)),
      quoteVolume: formatMoney(day.quoteVolume),
      baseVolume: formatMoney(day.volume),
    };
  }
}

/** Where each market's day began in one zone, looked up once a day. */
class DayOpenings {
  readonly #zone: Zone;
  readonly #known = new WeakMap<Market, { readonly dayStart: number; readonly opening: Opening | undefined }>();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  of(market: Market, present: number): Opening | undefined {
    const dayStart = dayStartOf(this.#zone, present);
    const known = this.#known.get(market);
    if (known?.dayStart === dayStart && known.opening !== undefined) return known.opening;
    const opening = market.candles.openingOf(dayStart);
    this.#known.set(market, { dayStart, opening });
    return opening;
  }
}

function ratesOf(last: Price, opening: Opening | undefined): PushedMiniTicker["home"] {
  return { rate: rateOf(last, opening?.open), lastCloseRate: rateOf(last, opening?.lastClose) };
}

function rateOf(last: Price, base: Price | undefined): string {
  if (base === undefined || base === ZERO_PRICE) return "0";
  const text = formatMoney(ratioOf((last - base) as Price, base, "half-even"), RATE_DECIMALS);
  return text.replace(/\.?0+$/, "");
}
