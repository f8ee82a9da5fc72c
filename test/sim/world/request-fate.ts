import type { HttpResult } from "../../../src/adapters/mexc/rest/http-request.ts";

/** How a request fares between process and exchange. Times in ms. */
export type RequestFate =
  | { readonly kind: "served"; readonly outMs: number; readonly backMs: number; readonly deliveries: 1 | 2 }
  /** No connection: not a byte leaves. */
  | { readonly kind: "refused-connection" }
  | { readonly kind: "lost-request" | "lost-response"; readonly outMs: number; readonly isReset: boolean }
  /** Something in between answers instead; the exchange may have been reached or not. */
  | { readonly kind: "replaced"; readonly outMs: number; readonly isProcessed: boolean; readonly answer: HttpResult };
