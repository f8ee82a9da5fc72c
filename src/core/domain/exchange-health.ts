/** How the connection to the exchange stands, for whoever has to wait for it or doubts it. */
export interface ConnectionHealth {
  /** Undefined until it is measured. */
  readonly clock:
    | {
        /** The exchange's clock minus ours, ms. */
        readonly offsetMs: number;
        /** The truth lies this far around it at most, ms. */
        readonly uncertaintyMs: number;
        readonly ageMs: number;
      }
    | undefined;
  /** Beyond this offset nothing is signed, so no order leaves, ms. */
  readonly largestOffsetMs: number;
  readonly use: UseHealth;
  /** Undefined unless the exchange has told us to keep away. */
  readonly pause: PauseHealth | undefined;
}

/** What of the exchange's limits is used at this moment. */
export interface UseHealth {
  /** Of all questions, in their sliding window. */
  readonly weight: { readonly used: number; readonly most: number };
  /** Orders and cancels, in theirs. */
  readonly orderActions: { readonly used: number; readonly most: number };
}

export interface PauseHealth {
  readonly why: string;
  /** Until market data and history are asked again, ms. */
  readonly forMs: number;
  /** Until orders, cancels and the account are, ms; 0 when they already are. */
  readonly tradingForMs: number;
}

export interface ExchangeHealth extends ConnectionHealth {
  /** Frames and rows that could not be read and were left out. */
  readonly poison: number;
  /** How often a stream was lost and connected again. */
  readonly reconnects: number;
  /** How often a new connection took over from an old one, without a gap. */
  readonly renewals: number;
  /** How often a stream was found dead on a connection that seemed alive. */
  readonly silences: number;
  /** Since the newest frame of public data, ms; undefined before the first. */
  readonly marketDataAgeMs: number | undefined;
}
