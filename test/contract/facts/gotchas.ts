import type { Fact } from "./fact.ts";
import { fact } from "./fact.ts";

const ROWS: readonly string[] = [
  "10007 on usual pairs",
  "status 1 is not tradability",
  "orderId is a text",
  "The answer to an order has neither status nor fills",
  "A market buy by amount may leave a part unspent; decimals of the amount",
  "baseSizePrecision is a minimum",
  "A cancel answers before it is done",
  "updateTime null on open orders; times in whole seconds",
  "myTrades lags",
  "klines: 500 rows, a start needs an end, names of intervals",
  "aggTrades: whole seconds, newest first, an hour, no ids",
  "`symbols` is ignored on tickers",
  "Times of tickers are no day apart; percent is a fraction",
  "A refusal of the stream has code 0: text only",
  "The old JSON streams are dead",
  "depth: 2,000 a side; snapshots straddle pushes; trimmed and padded",
  "Volumes of the mini ticker are turned round",
  "kline stream in seconds, REST in ms; no closing frame",
  "Connections end without a close frame",
  "Brackets are encoded before signing, upper-case hex",
  "The firewall's page long before any 429",
  "Envelopes: 0 and 200 are success",
  "cummulativeQuoteQty; netWork and network",
  "5xx on an order: look it up by its own id",
  "What comes is binary",
  "The same ticker may be another coin",
  "Addresses are not enforced for streams",
  "500 open orders; batches of 20, one symbol",
];

export const GOTCHAS: readonly Fact[] = ROWS.map((says, at) => fact("10", `${at + 1} ${says}`, `§10.${at + 1}`));
