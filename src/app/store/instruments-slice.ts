import type { UnknownAction } from "@reduxjs/toolkit";
import { createAction } from "@reduxjs/toolkit";
import type { MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import type { Instrument } from "../../core/domain/instrument.ts";

export interface InstrumentsState {
  readonly bySymbol: ReadonlyMap<MarketSymbol, Instrument>;
  /** When the rules of all markets were last read; undefined before the first time. */
  readonly at: Timestamp | undefined;
}

export const instrumentsLoaded = createAction<{ readonly instruments: readonly Instrument[]; readonly at: Timestamp }>(
  "instruments/loaded",
);
/** One market, read anew; the others stay as old as they are. */
export const instrumentRead = createAction<Instrument>("instruments/read");

const INITIAL: InstrumentsState = { bySymbol: new Map(), at: undefined };

export function instrumentsReducer(state: InstrumentsState = INITIAL, action: UnknownAction): InstrumentsState {
  if (instrumentRead.match(action)) {
    return { ...state, bySymbol: new Map(state.bySymbol).set(action.payload.symbol, action.payload) };
  }
  if (!instrumentsLoaded.match(action)) return state;
  const { instruments, at } = action.payload;
  return { bySymbol: new Map(instruments.map((instrument) => [instrument.symbol, instrument])), at };
}
