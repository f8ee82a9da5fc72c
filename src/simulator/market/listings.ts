import type { Exchange } from "../engine/exchange.ts";
import type { Market } from "../engine/market.ts";
import { Refusal } from "../engine/refusal.ts";
import type { Listing, ListingScript } from "./listing.ts";
import { listingOf } from "./listing.ts";

/** How a market leaves. Times count from the call, in ms. */
export interface DelistingScript {
  readonly symbol: string;
  /** Trading is suspended; at once with its end unless earlier. */
  readonly suspendInMs: number | undefined;
  readonly delistInMs: number;
}

export interface Delisting {
  readonly symbol: string;
  readonly announcedAt: number;
  readonly suspendsAt: number;
  readonly endsAt: number;
}

/** A market of which trading was suspended or has ended. */
export interface OfflineMarket {
  readonly symbol: string;
  /** 2 suspended, 3 delisted. */
  readonly state: 2 | 3;
  /** Unknown where nobody has said when it ends. */
  readonly offlineTime: number | undefined;
}

/** What markets that come and go need of the simulation. */
export interface ListingStage {
  readonly exchange: Exchange;
  readonly createMarket: (listing: Listing, now: number) => Market;
  /** Makers and takers come. */
  readonly enliven: (market: Market, listing: Listing) => void;
  /** Makers and takers leave, with their orders. */
  readonly forsake: (market: Market) => void;
}

/** Markets on their way in and out. Time comes in through `step`. */
export class Listings {
  readonly #stage: ListingStage;
  readonly #listings: Listing[] = [];
  readonly #delistings: Delisting[] = [];
  /** Every change that is still to come, soonest first. */
  #steps: { readonly at: number; readonly run: () => void }[] = [];

  constructor(stage: ListingStage) {
    this.#stage = stage;
  }

  /** Newest last, those that have opened too. */
  get all(): readonly Listing[] {
    return this.#listings;
  }

  get delistings(): readonly Delisting[] {
    return this.#delistings;
  }

  /** @throws Refusal when the symbol is listed or announced already, or the script makes no sense */
  add(script: ListingScript, now: number): Listing {
    const { exchange, createMarket, enliven } = this.#stage;
    const { symbol } = script;
    if (exchange.markets.has(symbol) || this.#listings.some((one) => one.symbol === symbol)) {
      throw new Refusal(400, `${symbol} is listed already`);
    }
    const listing = listingOf(script, now);
    this.#listings.push(listing);
    this.#plan(listing.rowAt, () => {
      exchange.addMarket(createMarket(listing, listing.rowAt));
    });
    this.#plan(listing.opensAt, () => {
      const market = exchange.market(symbol);
      market.alter({ status: "1", spotTradingAllowed: listing.apiOpensAt <= listing.opensAt });
      enliven(market, listing);
    });
    this.#plan(listing.apiOpensAt, () => {
      exchange.market(symbol).alter({ spotTradingAllowed: true });
    });
    this.step(now);
    return listing;
  }

  /** @throws Refusal for a symbol nobody lists */
  remove(script: DelistingScript, now: number): Delisting {
    const { exchange, forsake } = this.#stage;
    const market = exchange.market(script.symbol);
    const delisting = {
      symbol: script.symbol,
      announcedAt: now,
      suspendsAt: now + Math.min(script.suspendInMs ?? script.delistInMs, script.delistInMs),
      endsAt: now + script.delistInMs,
    };
    this.#delistings.push(delisting);
    this.#plan(delisting.suspendsAt, () => {
      market.alter({ status: "2", spotTradingAllowed: false });
    });
    this.#plan(delisting.endsAt, () => {
      market.alter({ status: "3" });
      exchange.cancelMarket(market);
      forsake(market);
    });
    this.step(now);
    return delisting;
  }

  step(now: number): void {
    const due = this.#steps.filter((one) => one.at <= now);
    if (due.length === 0) return;
    this.#steps = this.#steps.filter((one) => one.at > now);
    for (const { run } of due) run();
  }

  offline(now: number): readonly OfflineMarket[] {
    return [...this.#stage.exchange.markets.values()].flatMap(({ symbol, instrument }): readonly OfflineMarket[] => {
      const offlineTime = this.#delistings.find((one) => one.symbol === symbol)?.endsAt;
      if (instrument.status === "3") return [{ symbol, state: 3, offlineTime }];
      const isSuspended = instrument.status === "2" && instrument.firstOpenTime <= now;
      return isSuspended ? [{ symbol, state: 2, offlineTime }] : [];
    });
  }

  #plan(at: number, run: () => void): void {
    const place = this.#steps.findIndex((one) => one.at > at);
    this.#steps.splice(place < 0 ? this.#steps.length : place, 0, { at, run });
  }
}
