/** What a question to the exchange came to. */
export type RestResult =
  | { readonly kind: "ok"; readonly body: unknown }
  /** The exchange said no, in its own form. */
  | { readonly kind: "refused"; readonly status: number; readonly code: number; readonly message: string }
  /** An answer, or none, that proves nothing. */
  | { readonly kind: "unclear"; readonly status?: number; readonly why: string; readonly retryAfterSeconds?: number }
  | { readonly kind: "not-sent"; readonly code: string; readonly why: string; readonly hint: string };
