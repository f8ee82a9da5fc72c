import type { ExitCode } from "../../../core/domain/errors.ts";
import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { OrderReason } from "../../../core/domain/order.ts";
import type { CancelOutcome, SubmitOutcome } from "../../../core/ports/exchange-gateway.ts";
import type { RestResult } from "./client.ts";

/** What a code of the exchange means to us. */
interface VenueError {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string;
  /** The exchange is known to give it before it takes an order: it proves that nothing was booked. */
  readonly beforeAcceptance: boolean;
}

const refusal = (exitCode: ExitCode) => (code: string, hint: string) => ({
  code,
  exitCode,
  hint,
  beforeAcceptance: true,
});
const order = refusal(EXIT_CODES.rejected);
const keys = refusal(EXIT_CODES.signInNeeded);
const symbol = refusal(EXIT_CODES.usage)("SYMBOL_UNKNOWN", "See `tapedeck market ls`.");
/** Has a name, and says nothing about whether an order was taken. */
const noProof = (code: string, hint: string, exitCode: ExitCode = EXIT_CODES.unavailable): VenueError => ({
  code,
  exitCode,
  hint,
  beforeAcceptance: false,
});
const BUSY = noProof("RATE_LIMITED", "Wait a moment before the next request.");
const DOWN = noProof("EXCHANGE_UNAVAILABLE", "Try again in a moment; `tapedeck doctor` shows the connection.");
const NO_ORDER = noProof(
  "ORDER_NOT_KNOWN",
  "It may have filled or ended already: `tapedeck order ls`.",
  EXIT_CODES.rejected,
);
const BALANCE = order("INSUFFICIENT_BALANCE", "Lower the size, or free what open orders hold.");
const CHECK_KEYS = "Check the API key and its secret.";

/** The exchange's codes, by number and never by text. A code that does not stand here proves nothing. */
const VENUE_ERRORS: ReadonlyMap<number, VenueError> = new Map<number, VenueError>([
  [-2011, NO_ORDER],
  [-2013, NO_ORDER],
  [429, BUSY],
  [510, BUSY],
  [500, DOWN],
  [503, DOWN],
  [504, DOWN],
  [11444, DOWN],
  [20002, DOWN],
  [-1121, symbol],
  [-1128, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [26, order("OPERATION_NOT_ALLOWED", "See the exchange's notices.")],
  [400, order("REQUEST_REFUSED", "Often too many decimals: see the steps with `tapedeck market show SYMBOL`.")],
  [401, keys("KEY_REFUSED", CHECK_KEYS)],
  [402, keys("KEY_EXPIRED", "Renew the key on the exchange's site.")],
  [403, keys("PERMISSION_MISSING", "Give the key the right to trade on spot.")],
  [406, keys("IP_NOT_ALLOWED", "Add this address to the key's IP list.")],
  [602, keys("SIGNATURE_REFUSED", CHECK_KEYS)],
  [10007, order("SYMBOL_NOT_ALLOWED", "The exchange does not open this market to the API, or not to this key.")],
  [10072, keys("KEY_REFUSED", CHECK_KEYS)],
  [10073, order("CLOCK_OUTSIDE_WINDOW", "Set this machine's clock, for example with `timedatectl set-ntp true`.")],
  [10101, BALANCE],
  [30000, order("SYMBOL_SUSPENDED", "Trading in this market is suspended.")],
  [30001, order("SIDE_RESTRICTED", "Only the other side may trade at present.")],
  [30002, order("NOTIONAL_TOO_SMALL", "Make the order larger.")],
  [30003, order("NOTIONAL_TOO_LARGE", "Split it into smaller orders.")],
  [30004, BALANCE],
  [30005, BALANCE],
  [30010, order("NO_VALID_PRICE", "Check the price.")],
  [30014, symbol],
  [30016, order("TRADING_DISABLED", "Trading in this market is off.")],
  [30018, order("MARKET_ORDERS_DISABLED", "Place a limit order.")],
  [30019, order("MARKET_ORDERS_DISABLED", "Place a limit order.")],
  [30020, order("SYMBOL_NOT_ALLOWED", "The account may not trade this market.")],
  [30021, symbol],
  [30025, order("NO_OPPOSITE_ORDER", "Nobody stands on the other side; place a limit order.")],
  [30027, order("BUYING_SUSPENDED", "The exchange lets nobody buy more of it at present.")],
  [30028, order("SELLING_SUSPENDED", "The exchange's risk control has suspended selling.")],
  [30029, order("TOO_MANY_ORDERS", "Cancel some of the open orders.")],
  [30032, order("POSITION_TOO_LARGE", "The exchange's limit for this asset is reached.")],
  [30041, order("ORDER_TYPE_RESTRICTED", "Place another type of order.")],
  [30087, order("PRICE_OUT_OF_BAND", "The exchange takes no price that far from the last one.")],
  [33333, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [44444, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [60005, order("ACCOUNT_ABNORMAL", "Ask the exchange's support.")],
  [70011, order("SYMBOL_NOT_ALLOWED", "This market is not ticked on the key.")],
  [700001, keys("KEY_REFUSED", CHECK_KEYS)],
  [700002, keys("SIGNATURE_REFUSED", `${CHECK_KEYS} An expired key looks the same.`)],
  [700003, order("CLOCK_OUTSIDE_WINDOW", "Set this machine's clock, for example with `timedatectl set-ntp true`.")],
  [700004, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [700005, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [700006, keys("IP_NOT_ALLOWED", "Add this address to the key's IP list.")],
  [700007, keys("PERMISSION_MISSING", "Give the key the right to trade on spot.")],
  [700008, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
  [700013, order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.")],
]);

export const UNKNOWN_ORDER_CODES: ReadonlySet<number> = new Set([-2011, -2013]);

/** What an answer to a submit proves: the architecture's table, row by row. */
export function submitOutcome(result: RestResult): Exclude<SubmitOutcome, { kind: "accepted" }> {
  switch (result.kind) {
    case "refused": {
      const reason = refusalReason(result);
      const proven = VENUE_ERRORS.get(result.code)?.beforeAcceptance === true && result.status < 500;
      return { kind: proven ? "rejected" : "unknown", reason };
    }
    case "not-sent":
      return { kind: "not-sent", reason: { code: result.code, message: withHint(result.why, result.hint) } };
    case "unclear":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the exchange's answer names no order" } };
  }
}

/** What an answer to a cancel proves. */
export function cancelOutcome(result: RestResult): CancelOutcome {
  switch (result.kind) {
    case "ok":
      return { kind: "accepted" };
    case "refused":
      if (UNKNOWN_ORDER_CODES.has(result.code)) return { kind: "order-not-known", reason: refusalReason(result) };
      return VENUE_ERRORS.get(result.code)?.beforeAcceptance === true
        ? { kind: "rejected", reason: refusalReason(result) }
        : { kind: "unknown", reason: refusalReason(result) };
    case "not-sent":
      return { kind: "not-sent", reason: { code: result.code, message: withHint(result.why, result.hint) } };
    case "unclear":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
  }
}

function refusalReason(result: Extract<RestResult, { kind: "refused" }>): OrderReason {
  const known = VENUE_ERRORS.get(result.code);
  return { code: known?.code ?? "VENUE_REFUSAL", message: withHint(`${result.message} (${result.code})`, known?.hint) };
}

function withHint(what: string, hint: string | undefined): string {
  const sentence = /[.!?)]$/.test(what) ? what : `${what}.`;
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}

/** The fault of a question that got no usable answer. */
export function faultOf(result: Exclude<RestResult, { kind: "ok" }>, asked: string): AppError {
  switch (result.kind) {
    case "refused": {
      const known = VENUE_ERRORS.get(result.code);
      return new AppError({
        code: known?.code ?? "VENUE_REFUSAL",
        message: `The exchange refused ${asked}: ${result.message} (${result.code}).`,
        notDone: "Nothing was changed.",
        exitCode: known?.exitCode ?? EXIT_CODES.rejected,
        venueCode: result.code,
        ...(known === undefined ? {} : { hint: known.hint }),
      });
    }
    case "not-sent":
      return new AppError({
        code: result.code,
        message: `${asked[0]?.toUpperCase() ?? ""}${asked.slice(1)} failed: ${result.why}.`,
        notDone: "Nothing was sent.",
        hint: result.hint,
        exitCode: result.code === "CLOCK_OFFSET_TOO_LARGE" ? EXIT_CODES.configuration : EXIT_CODES.unavailable,
      });
    case "unclear":
      return new AppError({
        code: result.status === 429 || result.status === 418 ? "RATE_LIMITED" : "EXCHANGE_UNAVAILABLE",
        message: `${asked[0]?.toUpperCase() ?? ""}${asked.slice(1)} failed: ${result.why}.`,
        notDone: "Nothing was changed.",
        hint:
          result.retryAfterSeconds === undefined
            ? "Try again in a moment; `tapedeck doctor` shows the connection."
            : `Try again in ${result.retryAfterSeconds} s.`,
        exitCode: EXIT_CODES.unavailable,
        ...(result.status === undefined ? {} : { venueCode: result.status }),
      });
  }
}
