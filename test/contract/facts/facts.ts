import type { Fact } from "./fact.ts";
import { GOTCHAS } from "./gotchas.ts";
import { LISTINGS } from "./listings.ts";
import { MARKET_DATA } from "./market-data.ts";
import { REFUSALS } from "./refusals.ts";
import { STREAMS } from "./streams.ts";
import { TRADING } from "./trading.ts";
import { TRANSPORT } from "./transport.ts";

/** Every row, in the order of the fact sheet. */
export const FACTS: readonly Fact[] = [
  ...TRANSPORT,
  ...REFUSALS,
  ...MARKET_DATA,
  ...TRADING,
  ...STREAMS,
  ...LISTINGS,
  ...GOTCHAS,
];
