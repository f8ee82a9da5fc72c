import type { ExitCode } from "../core/domain/errors.ts";

export { EXIT_CODES } from "../core/domain/errors.ts";
export type { ExitCode };

/** The codes in words, for every help page. */
export const EXIT_CODE_SUMMARY =
  "0 ok · 1 failure · 2 usage · 3 configuration · 4 sign-in or keys needed · 5 denied by a risk rule · " +
  "6 rejected by the exchange · 7 exchange or network unavailable · 8 outcome unknown · 9 partial · 70 bug · " +
  "130 interrupted";
