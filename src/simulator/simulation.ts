import type { Price, Quantity } from "../core/domain/money.ts";
import { formatMoney, toDrawingNumber } from "../core/domain/money.ts";
import type { AccountEvent } from "./engine/account-event.ts";
import { Exchange } from "./engine/exchange.ts";
import { Market } from "./engine/market.ts";
import type { Side, TapeTrade } from "./engine/order.ts";
import { Refusal } from "./engine/refusal.ts";
import { IdSequence } from "./engine/sequence.ts";
import type { CatalogueRow } from "./market/catalogue-row.ts";
import { CATALOGUE } from "./market/catalogue.ts";
import { Crowd } from "./market/crowd.ts";
import { createHistory } from "./market/history.ts";
import { createInstrument, openingPriceOf } from "./market/instruments.ts";
import { marketBeforeOpening } from "./market/listing.ts";
import { Listings } from "./market/listings.ts";
import { Random } from "./random.ts";
import type { RecordingOptions } from "./replay/recording.ts";
import { Recording, fitInstrument } from "./replay/recording.ts";
import type { Switches } from "./switches.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly symbolCount: number;
  /** When the exchange opens, in ms; history ends here. */
  readonly startTime: number;
  readonly now: () => number;
  readonly switches?: Switches | undefined;
  readonly replay: (RecordingOptions & { readonly symbol: string }) | undefined;
  readonly onTrade: (market: Market, trade: TapeTrade) => void;
  readonly onLevel: (symbol: string, side: Side, price: Price, total: Quantity) => void;
  readonly onAccountEvents: (events: readonly AccountEvent[]) => void;
}

const VERSION_EPOCH = Date.UTC(2020, 0, 1);

/** The exchange with its markets, and the crowd or the recording that moves each. Time comes in through `step`. */
export class Simulation {
  readonly exchange: Exchange;
  readonly ids: IdSequence;
  readonly listings: Listings;
  readonly #crowds = new Map<string, Crowd>();
  readonly #recording: Recording | undefined;

  constructor(options: SimulationOptions) {
    const random = new Random(options.seed);
    const rows = rowsOf(options);
    const markets = rows.map((row) => createMarket(row, random.fork(symbolOf(row)), options));
    this.ids = new IdSequence(options.startTime);
    this.exchange = new Exchange({
      markets,
      now: options.now,
      ids: this.ids,
      switches: options.switches,
      onTrade: options.onTrade,
      onAccountEvents: options.onAccountEvents,
    });
    this.listings = new Listings({
      exchange: this.exchange,
      createMarket: (listing, now) =>
        marketBeforeOpening(listing, now - VERSION_EPOCH, (side, price, total) => {
          options.onLevel(listing.symbol, side, price, total);
        }),
      enliven: (market, { row, opensAt }) => {
        const moves = random.fork(`${market.symbol} moves`);
        this.#crowds.set(market.symbol, new Crowd(this.exchange, market, row, moves, opensAt));
      },
      forsake: (market) => {
        this.#crowds.delete(market.symbol);
      },
    });
    for (const [at, market] of markets.entries()) {
      const row = rows[at];
      const moves = random.fork(`${market.symbol} moves`);
      if (market.tapeIsRecorded && options.replay !== undefined) {
        this.#recording = new Recording(this.exchange, market, moves, options.replay);
      } else if (row !== undefined) {
        this.#crowds.set(market.symbol, new Crowd(this.exchange, market, row, moves, options.startTime));
      }
    }
  }

  step(now: number): void {
    this.listings.step(now);
    for (const crowd of this.#crowds.values()) crowd.step(now);
    this.#recording?.step(now);
  }

  /** Somebody subscribed to a channel of this market. */
  noteListener(symbol: string, now: number): void {
    if (this.#recording?.market.symbol === symbol) this.#recording.begin(now);
  }

  /** @throws Refusal for an unknown market, and for one whose tape is a recording */
  move(symbol: string, price: Price): void {
    const { tickSize } = this.exchange.market(symbol).instrument;
    if (price < tickSize) throw new Refusal(400, `the least price of ${symbol} is ${formatMoney(tickSize)}`);
    const crowd = this.#crowds.get(symbol);
    if (crowd === undefined) throw new Refusal(400, `${symbol} plays a recording or is not open, and cannot be moved`);
    crowd.moveTo(price);
  }
}

function createMarket(row: CatalogueRow, random: Random, options: SimulationOptions): Market {
  const { startTime, replay } = options;
  const symbol = symbolOf(row);
  const recorded = replay?.symbol === symbol ? replay.trades : undefined;
  const plain = createInstrument(row, startTime);
  const instrument = recorded === undefined ? plain : fitInstrument(plain, recorded);
  const openingPrice = recorded?.[0]?.price ?? openingPriceOf(row, random);
  const history = createHistory({ instrument, row, closingPrice: openingPrice, endTime: startTime, random });
  return new Market({
    instrument,
    openingPrice,
    // Milliseconds run faster than any book here changes, so no restart takes the versions back.
    firstBookVersion: startTime - VERSION_EPOCH,
    history: recorded === undefined ? history : undefined,
    tapeIsRecorded: recorded !== undefined,
    onLevel: (side, price, total) => {
      options.onLevel(symbol, side, price, total);
    },
  });
}

function rowsOf(options: SimulationOptions): readonly CatalogueRow[] {
  const rows = CATALOGUE.slice(0, options.symbolCount);
  const { replay } = options;
  if (replay === undefined || rows.some((row) => symbolOf(row) === replay.symbol)) return rows;
  return [...rows, CATALOGUE.find((row) => symbolOf(row) === replay.symbol) ?? rowFor(replay)];
}

/** A row for a recorded market the catalogue does not know. */
function rowFor(replay: NonNullable<SimulationOptions["replay"]>): CatalogueRow {
  const quote = ["USDT", "USDC", "BTC", "ETH"].find((asset) => replay.symbol.endsWith(asset));
  if (quote === undefined || replay.symbol === quote) {
    throw new Error(`cannot tell base from quote in the replayed symbol ${JSON.stringify(replay.symbol)}`);
  }
  const base = replay.symbol.slice(0, -quote.length);
  const price = toDrawingNumber(replay.trades[0]?.price ?? (0n as Price));
  const shape = { priceDecimals: 2, quantityDecimals: 2, minQuantity: "0", activity: 1, volatility: 0.03 };
  return { base, quote, fullName: base, price, ...shape };
}

function symbolOf(row: CatalogueRow): string {
  return row.base + row.quote;
}
