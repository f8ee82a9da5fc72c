import { combineReducers, configureStore } from "@reduxjs/toolkit";
import { instrumentsReducer } from "./instruments-slice.ts";
import { marketReducer } from "./market-slice.ts";
import type { SessionState } from "./session-slice.ts";
import { initialSession, sessionReducer } from "./session-slice.ts";
import { tradingReducer } from "./trading-slice.ts";

const reducer = combineReducers({
  session: sessionReducer,
  instruments: instrumentsReducer,
  market: marketReducer,
  trading: tradingReducer,
});

/** The store of one session. Money is bigint and tables are Maps, which never leave the process as they stand. */
export function createStore(identity: Pick<SessionState, "mode" | "version" | "exchange" | "accountId">) {
  return configureStore({
    reducer,
    preloadedState: { session: initialSession(identity) },
    middleware: (getDefault) =>
      getDefault({ serializableCheck: false, immutableCheck: false, actionCreatorCheck: false }),
    devTools: false,
  });
}

export type AppStore = ReturnType<typeof createStore>;
export type AppState = ReturnType<AppStore["getState"]>;
