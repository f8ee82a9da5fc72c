import type { PayloadAction } from "@reduxjs/toolkit";
import { createSlice } from "@reduxjs/toolkit";
import type { AccountId, Timestamp } from "../../core/domain/identifiers.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { SyncStatus } from "../syncing.ts";
import type { ConnectionState } from "../../core/ports/market-feed.ts";

export interface Notice {
  readonly id: number;
  readonly at: Timestamp;
  readonly level: "info" | "success" | "warning" | "error";
  readonly text: string;
  /** Not gone after a while by itself: something was sold, or only a person can go on. */
  readonly stays?: boolean;
}

export interface SessionState {
  readonly mode: Mode;
  readonly version: string;
  /** Where the data comes from, for people: "embedded simulated exchange", "api.mexc.com". */
  readonly exchange: string;
  /** Absent without keys: public data only, and no orders. */
  readonly accountId: AccountId | undefined;
  readonly marketConnection: ConnectionState;
  readonly accountConnection: ConnectionState | undefined;
  readonly reconciledAt: Timestamp | undefined;
  /** Why the last reconcile did not end, until one does. */
  readonly reconcileError: string | undefined;
  /** Where our record and the exchange's differ and only a person can settle it, as the last reconcile left it. */
  readonly needsPerson: readonly SettledDifference[];
  /** How the synchronisation with other machines stands; undefined where nothing leaves this one. */
  readonly sync: SyncStatus | undefined;
  /** Newest last, bounded. */
  readonly notices: readonly Notice[];
}

/** How a reconcile ended; `error` is why it did not. */
export interface ReconcileEnd {
  readonly at: Timestamp;
  readonly error?: string;
  readonly needsPerson?: readonly SettledDifference[];
}

const NOTICES_KEPT = 50;

export function initialSession(
  identity: Pick<SessionState, "mode" | "version" | "exchange" | "accountId">,
): SessionState {
  return {
    ...identity,
    marketConnection: { kind: "connecting" },
    accountConnection: identity.accountId === undefined ? undefined : { kind: "connecting" },
    reconciledAt: undefined,
    reconcileError: undefined,
    needsPerson: [],
    sync: undefined,
    notices: [],
  };
}

const sessionSlice = createSlice({
  name: "session",
  initialState: initialSession({ mode: "demo", version: "", exchange: "", accountId: undefined }),
  reducers: {
    marketConnectionChanged: (state, action: PayloadAction<ConnectionState>) => {
      state.marketConnection = action.payload;
    },
    accountConnectionChanged: (state, action: PayloadAction<ConnectionState>) => {
      state.accountConnection = action.payload;
    },
    reconcileEnded: (state, action: PayloadAction<ReconcileEnd>) => {
      if (action.payload.error === undefined) {
        state.reconciledAt = action.payload.at;
        state.needsPerson = [...(action.payload.needsPerson ?? [])];
      }
      state.reconcileError = action.payload.error;
    },
    syncChanged: (state, action: PayloadAction<SyncStatus>) => {
      state.sync = action.payload as typeof state.sync;
    },
    noticePosted: (state, action: PayloadAction<Omit<Notice, "id">>) => {
      const id = (state.notices.at(-1)?.id ?? 0) + 1;
      state.notices = [...state.notices, { ...action.payload, id }].slice(-NOTICES_KEPT);
    },
  },
});

export const { marketConnectionChanged, accountConnectionChanged, reconcileEnded, syncChanged, noticePosted } =
  sessionSlice.actions;
export const sessionReducer = sessionSlice.reducer;
