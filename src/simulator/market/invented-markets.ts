import { Random } from "../random.ts";
import type { CatalogueRow } from "./catalogue-row.ts";

/** Of every twenty markets; about three in four are quoted in USDT, as on the venue. */
const QUOTES = [...Array<string>(15).fill("USDT"), "USDC", "USDC", "USDC", "BTC", "ETH"];
const USD_OF_QUOTE: Readonly<Record<string, number>> = { BTC: 65_000, ETH: 3_400 };

const ONSETS = ["b", "br", "c", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "kr", "l", "m", "n", "p", "pl", "qu"];
const MORE_ONSETS = ["r", "s", "sk", "st", "t", "tr", "v", "w", "x", "y", "z", "zh"];
const VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io", "oo"];
const CODAS = ["", "", "", "x", "n", "r", "s", "l", "m", "k"];
const KINDS = ["Protocol", "Network", "Token", "Finance", "Chain", "Labs", "DAO", "AI", "Swap", "Games"];

/** The catalogue's own seed: a market is the same on every exchange, whatever seed moves it. */
const CATALOGUE_SEED = 2_067;

/**
 * Small coins that nobody has heard of, for an exchange as wide as the venue: most trade a few times a minute, at prices
 * from millions of zeros to hundreds of dollars. The same names in the same order every time.
 * @param taken symbols that exist already
 */
export function inventMarkets(count: number, taken: ReadonlySet<string>): readonly CatalogueRow[] {
  const random = new Random(CATALOGUE_SEED);
  const symbols = new Set(taken);
  const rows: CatalogueRow[] = [];
  while (rows.length < count) {
    const row = inventMarket(random, rows.length);
    const symbol = row.base + row.quote;
    if (symbols.has(symbol)) continue;
    symbols.add(symbol);
    rows.push(row);
  }
  return rows;
}

function inventMarket(random: Random, rank: number): CatalogueRow {
  const name = inventName(random);
  const quote = pick(random, QUOTES);
  const dollars = 10 ** (random.next() * 8 - 6);
  const price = Number((dollars / (USD_OF_QUOTE[quote] ?? 1)).toPrecision(4));
  // Four to five digits of resolution, and sizes of about a cent.
  const priceDecimals = Math.min(14, Math.max(2, 4 - Math.floor(Math.log10(price))));
  const quantityDecimals = Math.max(0, Math.min(4, 2 + Math.floor(Math.log10(dollars))));
  return {
    base: name.toUpperCase(),
    quote,
    fullName: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${pick(random, KINDS)}`,
    price,
    priceDecimals,
    quantityDecimals,
    minQuantity: quantityDecimals >= 2 ? `0.${"0".repeat(quantityDecimals - 2)}1` : "0",
    activity: 0.02 + 0.6 / (1 + rank / 40),
    volatility: 0.04 + random.next() * 0.08,
    ...(random.next() < 0.03 ? { specialTreatment: true } : {}),
    // 91 of the venue's 1,950 symbols are online and closed to the API.
    ...(random.next() < 0.047 ? { closedToApi: true } : {}),
  };
}

function inventName(random: Random): string {
  const onsets = [...ONSETS, ...MORE_ONSETS];
  let name = pick(random, onsets) + pick(random, VOWELS) + pick(random, CODAS);
  if (name.length < 4 || random.next() < 0.3) name += pick(random, onsets) + pick(random, VOWELS);
  return name.slice(0, 7);
}

function pick(random: Random, choices: readonly string[]): string {
  return choices[random.integer(choices.length)] ?? "";
}
