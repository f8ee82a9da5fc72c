import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { MarketData } from "../../core/ports/market-data.ts";
import type { AppStore } from "../store/create-store.ts";
import { instrumentRead, instrumentsLoaded } from "../store/instruments-slice.ts";

/** The markets' rules as the store holds them. */
export interface InstrumentRules {
  /** As last read, else asked of the exchange and kept. @throws AppError SYMBOL_UNKNOWN or unavailable. */
  of(symbol: MarketSymbol, signal: AbortSignal): Promise<Instrument>;
  /** Reads one market anew. @throws AppError SYMBOL_UNKNOWN or unavailable; what was held stays. */
  readOne(symbol: MarketSymbol, signal: AbortSignal): Promise<Instrument>;
  /** Reads every market anew. @throws AppError when the exchange gives no usable answer; what was held stays. */
  readAll(signal: AbortSignal): Promise<void>;
}

export interface InstrumentRulesParts {
  readonly store: AppStore;
  readonly data: MarketData;
  readonly clock: Clock;
}

export function createInstrumentRules({ store, data, clock }: InstrumentRulesParts): InstrumentRules {
  async function readOne(symbol: MarketSymbol, signal: AbortSignal): Promise<Instrument> {
    const fetched = await data.fetchInstruments([symbol], signal);
    const instrument = fetched.find((candidate) => candidate.symbol === symbol);
    if (instrument === undefined) throw symbolUnknown(symbol);
    store.dispatch(instrumentRead(instrument));
    return instrument;
  }

  return {
    of: async (symbol, signal) => store.getState().instruments.bySymbol.get(symbol) ?? (await readOne(symbol, signal)),
    readOne,
    async readAll(signal) {
      const instruments = await data.fetchInstruments(undefined, signal);
      store.dispatch(instrumentsLoaded({ instruments, at: clock.now() }));
    },
  };
}

/** Refusals that speak of a market's rules: what we hold of it is no longer so. */
const RULE_REFUSALS: ReadonlySet<string> = new Set([
  "SYMBOL_UNKNOWN",
  "SYMBOL_NOT_ALLOWED",
  "SYMBOL_SUSPENDED",
  "TRADING_DISABLED",
  "SIDE_RESTRICTED",
  "BUYING_SUSPENDED",
  "SELLING_SUSPENDED",
  "ORDER_TYPE_RESTRICTED",
  "MARKET_ORDERS_DISABLED",
  "NOTIONAL_TOO_SMALL",
  "NOTIONAL_TOO_LARGE",
  "REQUEST_REFUSED",
]);

export function speaksOfRules(code: string | undefined): boolean {
  return code !== undefined && RULE_REFUSALS.has(code);
}

function symbolUnknown(symbol: string): AppError {
  return new AppError({
    code: "SYMBOL_UNKNOWN",
    message: `The exchange lists no symbol ${symbol}.`,
    notDone: "Nothing was sent.",
    hint: "See `tapedeck market ls`.",
    exitCode: EXIT_CODES.usage,
  });
}
