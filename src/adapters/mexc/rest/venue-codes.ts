import type { ExitCode } from "../../../core/domain/errors.ts";
import { EXIT_CODES } from "../../../core/domain/errors.ts";

/** What a code of the exchange means to us. */
export interface VenueCode {
  /** Ours: stable, and the same for codes that mean the same. */
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string;
  readonly proof: RefusalProof;
}

/**
 * What a refusal proves about an order: a request can be delivered twice, and then we are told the second answer.
 *
 * `whole` it speaks of the request and the key alone, so every delivery was refused alike · `this-delivery` it speaks of
 * the moment, or of what an order already taken uses up: an earlier delivery may stand · `none` it may even be given
 * because the order stands.
 */
export type RefusalProof = "whole" | "this-delivery" | "none";

const meaning =
  (proof: RefusalProof, exitCode: ExitCode) =>
  (code: string, hint: string): VenueCode => ({ code, exitCode, hint, proof });
const refusal = (exitCode: ExitCode) => meaning("whole", exitCode);
const order = refusal(EXIT_CODES.rejected);
const keys = refusal(EXIT_CODES.signInNeeded);
/** Of the moment: the same request may have been taken a moment earlier. */
const moment = meaning("this-delivery", EXIT_CODES.rejected);
/** Has a name, and says nothing about whether an order was taken. */
const noProof = (exitCode: ExitCode) => meaning("none", exitCode);
const away = noProof(EXIT_CODES.unavailable);
const elsewhere = noProof(EXIT_CODES.rejected);

const SYMBOL = refusal(EXIT_CODES.usage)("SYMBOL_UNKNOWN", "See `tapedeck market ls`.");
/** The limits stand before the exchange's orders: this delivery was turned away. */
const BUSY = meaning("this-delivery", EXIT_CODES.unavailable)("RATE_LIMITED", "Wait a moment before the next request.");
const DOWN = away("EXCHANGE_UNAVAILABLE", "Try again in a moment; `tapedeck doctor` shows the connection.");
const NO_ORDER = elsewhere("ORDER_NOT_KNOWN", "It may have filled or ended already: `tapedeck order ls`.");
const BALANCE = moment("INSUFFICIENT_BALANCE", "Lower the size, or free what open orders hold.");
const CLOCK = moment("CLOCK_OUTSIDE_WINDOW", "Set this machine's clock, for example with `timedatectl set-ntp true`.");
const OUR_FAULT = order("PARAMETERS_REFUSED", "This is a fault of the console; please report it.");
const NO_MARKET_ORDERS = moment(
  "MARKET_ORDERS_DISABLED",
  "Place a limit order; if that is refused too, the account may not order at present.",
);
const NOT_ALLOWED =
  "The exchange does not open this market to the API, or not to this key: `tapedeck market show SYMBOL`.";
const CHECK_KEYS = "Check the API key and its secret: `tapedeck keys check`.";
const IP = keys("IP_NOT_ALLOWED", "Add this address to the key's IP list.");
const PERMISSION = keys("PERMISSION_MISSING", "Give the key the right to trade on spot: `tapedeck keys check`.");
const KEY = keys("KEY_REFUSED", CHECK_KEYS);
const ACCOUNT = keys("ACCOUNT_NOT_FOUND", CHECK_KEYS);
const ASK_SUPPORT = "Ask the exchange's support.";
const RISK_CONTROL = elsewhere("RISK_CONTROL", "The exchange's risk control objects; see its site or ask its support.");
/** Of the wallet, sub-accounts and margin: the console asks for none of them. */
const TRANSFER = elsewhere("TRANSFER_REFUSED", "See the exchange's site; the console moves no money.");
const WITHDRAWAL = elsewhere("WITHDRAWAL_REFUSED", "See the exchange's site; the console never withdraws.");
const SUB_ACCOUNT = elsewhere("SUB_ACCOUNT_REFUSED", "See the exchange's site; the console manages no accounts.");
const MARGIN = elsewhere("MARGIN_REFUSED", "The console trades spot only.");

const each = (codes: readonly number[], told: VenueCode) => codes.map((code) => [code, told] as const);

/** Each code of the exchange's error tables, once. What is not here has no known meaning and proves nothing. */
export const VENUE_CODE_ROWS: readonly (readonly [number, VenueCode])[] = [
  ...each([-2011, -2013], NO_ORDER),
  ...each([429, 510], BUSY),
  ...each([500, 503, 504, 11444, 20001, 20002], DOWN),
  ...each([-1121, 30014, 30021], SYMBOL),
  ...each([-1128, 30026, 33333, 44444, 700004, 700005, 700008, 700013], OUR_FAULT),
  ...each([10073, 700003], CLOCK),
  ...each([10101, 30004, 30005], BALANCE),
  ...each([401, 10072, 700001], KEY),
  ...each([10001, 10015], ACCOUNT),
  ...each([403, 700007], PERMISSION),
  ...each([406, 700006], IP),
  [402, keys("KEY_EXPIRED", "Renew the key on the exchange's site.")],
  [602, keys("SIGNATURE_REFUSED", CHECK_KEYS)],
  [700002, keys("SIGNATURE_REFUSED", `${CHECK_KEYS} An expired key looks the same.`)],
  [26, moment("OPERATION_NOT_ALLOWED", "See the exchange's notices.")],
  // One code for much: among it a client order id that is taken, which is what a second delivery is told.
  [400, elsewhere("REQUEST_REFUSED", "Often too many decimals: see the steps with `tapedeck market show SYMBOL`.")],
  [10007, order("SYMBOL_NOT_ALLOWED", NOT_ALLOWED)],
  [30000, moment("SYMBOL_SUSPENDED", "Trading in this market is suspended.")],
  [30001, moment("SIDE_RESTRICTED", "Only the other side may trade at present.")],
  [30002, order("NOTIONAL_TOO_SMALL", "Make the order larger.")],
  [30003, order("NOTIONAL_TOO_LARGE", "Split it into smaller orders.")],
  [30010, moment("NO_VALID_PRICE", "Check the price.")],
  [30016, moment("TRADING_DISABLED", "Trading in this market is off.")],
  ...each([30018, 30019], NO_MARKET_ORDERS),
  [30020, order("SYMBOL_NOT_ALLOWED", "The account may not trade this market.")],
  [30025, moment("NO_OPPOSITE_ORDER", "Nobody stands on the other side; place a limit order.")],
  [30027, moment("BUYING_SUSPENDED", "The exchange lets nobody buy more of it at present.")],
  [30028, moment("SELLING_SUSPENDED", "The exchange's risk control has suspended selling.")],
  [30029, moment("TOO_MANY_ORDERS", "Cancel some of the open orders.")],
  [30032, moment("POSITION_TOO_LARGE", "The exchange's limit for this asset is reached.")],
  [30041, moment("ORDER_TYPE_RESTRICTED", "Place another type of order.")],
  [30087, moment("PRICE_OUT_OF_BAND", "The exchange takes no price that far from the last one.")],
  [60005, moment("ACCOUNT_ABNORMAL", ASK_SUPPORT)],
  [70011, order("SYMBOL_NOT_ALLOWED", "This market is not ticked on the key.")],
  [10098, RISK_CONTROL],
  [22222, elsewhere("RECORD_NOT_FOUND", "The exchange has no such record.")],
  ...each(
    [10095, 10096, 10097, 10100, 10102, 10103, 10200, 10201, 10202, 10206, 10211, 10219, 10222, 10232, 10259],
    TRANSFER,
  ),
  ...each([10212, 10216, 10265, 10268], WITHDRAWAL),
  ...each([10099, 140001, 140002, 730000, 730001, 730002, 730003, 730100, 730101, 730600, 730601, 730602], SUB_ACCOUNT),
  ...each([730700, 730701, 730702, 730703, 730704, 730705, 730706, 730707], SUB_ACCOUNT),
  ...each([88004, 88009, 88013, 88015], MARGIN),
];

/** By number and never by text. */
export const VENUE_CODES: ReadonlyMap<number, VenueCode> = new Map(VENUE_CODE_ROWS);
