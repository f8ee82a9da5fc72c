import type { Fact } from "./fact.ts";
import { fact, untested } from "./fact.ts";

export const LISTINGS: readonly Fact[] = [
  fact("9", "new_coin_calendar", "§9 a:"),
  fact("9", "symbolsV2: ready is 2/2/4 with ps, qs, ca, ot", "§9 b:"),
  fact("9", "symbolsV2: keyed by quote, or flat; spot2/market/symbols", "§9 symbolsV2"),
  fact("9", "symbolsV2: every short key", "§9 a row of symbolsV2"),
  fact("9", "exchangeInfo before the opening: paused, 30016, or hidden", "§9 c:", "§9 exchangeInfo"),
  fact("9", "The opening, with some seconds of 10007", "§9 d:"),
  fact("9", "activities by currencies; announcements", "§9 activities"),
  untested("9", "Bot protection before the calendar", "of the exchange's site, and no part of what it says"),
  untested("9", "The web's own order call", "private and by cookie: nothing is built on it"),
];
