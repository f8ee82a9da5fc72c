import type { Fact } from "./fact.ts";
import { fact, untested } from "./fact.ts";

/** A code the simulated exchange gives: the cases that get it. */
const given = (code: number, says: string, ...more: readonly string[]): Fact =>
  fact("2", `${code} ${says}`, `§2 ${code}`, ...more);

/** Codes it never gives. What they mean to the adapter is held by test/adapters/mexc/hostile-answers.test.ts. */
const never = (why: string, ...codes: readonly number[]): readonly Fact[] =>
  codes.map((code) => untested("2", String(code), why));

const ELSEWHERE = "says the same as another code, which is given instead: nobody has seen which comes when";
const STRANGE = "a state of the exchange's own systems or of its risk control that no rule tells of";
const OTHER_PRODUCT = "of sub-accounts, margin or futures, which are no part of the simulated exchange";
const NO_WITHDRAWALS = "of deposits, withdrawals or transfers to others, which never happen here";

export const REFUSALS: readonly Fact[] = [
  given(-1121, "invalid symbol"),
  given(-1128, "combination of parameters"),
  given(-2011, "unknown order", "§4.5 without an id"),
  given(-2013, "order does not exist"),
  given(400, "bad request; wrong decimals", "§10.5", "§5 deposit/hisrec"),
  given(402, "key expired", "§1.2 a key without addresses"),
  fact("2", "403 access denied, as the firewall's page", "§1.4 a burst", "§10.21"),
  given(429, "too many requests", "§1.4 429"),
  fact("2", "500, 503, 504 outcome unknown", "§2 5xx", "§10.24"),
  given(10007, "symbol not support api", "§10.1"),
  given(10072, "invalid access key"),
  given(10095, "amount null"),
  given(10096, "amount with too many decimals"),
  given(10097, "amount wrong"),
  fact("2", "10101 insufficient balance", "§2 10101", "§2 30004 and 30005 are 10101"),
  given(10102, "amount zero or negative"),
  given(10103, "account type not supported"),
  given(10222, "currency null"),
  given(22222, "record does not exist"),
  given(30000, "trading suspended"),
  given(30001, "side not allowed"),
  given(30002, "below the minimum"),
  given(30003, "above the maximum"),
  given(30004, "insufficient position"),
  given(30005, "oversold"),
  given(30010, "no valid price"),
  given(30016, "trading disabled"),
  given(30018, "market orders disabled"),
  given(30019, "market orders disabled for the API"),
  fact("2", "30021 invalid symbol, of what cannot be converted", "§5 convert"),
  given(30025, "no opponent"),
  given(30026, "invalid order ids"),
  given(30027, "buying suspended"),
  given(30028, "selling suspended"),
  given(30029, "maximum order count"),
  given(30032, "maximum position"),
  given(30041, "order type"),
  given(30087, "price out of range"),
  given(33333, "parameter error"),
  given(70011, "pair banned for the key"),
  fact("2", "700001 key format", "§1.1 a malformed key"),
  fact("2", "700002 signature", "§1.1 a wrong signature"),
  fact("2", "700003 timestamp", "§1.1 time"),
  given(700004, "mandatory parameter", "§1.1 a missing"),
  fact("2", "700005 recvWindow", "§1.1 time"),
  fact("2", "700006 address", "§1.2 an address"),
  given(700007, "no permission", "§1.2 a key without the right"),
  given(700008, "illegal characters"),
  fact("2", "700013 Content-Type", "§1 a wrong content type"),
  fact("2", "HTTP status: 400 unless it says more", "§2 the HTTP status"),
  ...never(ELSEWHERE, 401, 406, 602, 10001, 10015, 10073, 30014, 30020, 44444),
  ...never(STRANGE, 26, 10098, 11444, 20001, 20002, 60005),
  ...never(NO_WITHDRAWALS, 10100, 10200, 10201, 10202, 10206, 10211, 10212, 10216, 10219, 10232, 10259, 10265, 10268),
  ...never(OTHER_PRODUCT, 510, 10099, 88004, 88009, 88013, 88015),
  ...never(OTHER_PRODUCT, 730000, 730001, 730002, 730003, 730100, 730101, 730600, 730601, 730602),
  ...never(OTHER_PRODUCT, 730700, 730701, 730702, 730703, 730704, 730705, 730706, 730707, 140001, 140002),
];
