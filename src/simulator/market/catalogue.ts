import type { CatalogueRow } from "./catalogue-row.ts";
import { inventMarkets } from "./invented-markets.ts";

type Row = readonly [base: string, fullName: string, price: number, priceDecimals: number, quantityDecimals: number];

function usdt([base, fullName, price, priceDecimals, quantityDecimals]: Row, rank: number): CatalogueRow {
  return {
    base,
    quote: "USDT",
    fullName,
    price,
    priceDecimals,
    quantityDecimals,
    // Coarser than the step for most markets, as on the venue.
    minQuantity: quantityDecimals >= 2 ? `0.${"0".repeat(quantityDecimals - 2)}1` : "0",
    activity: Math.max(1, 8 / (1 + rank / 4)),
    volatility: 0.03 + (rank % 7) * 0.006,
  };
}

const MAJORS: readonly CatalogueRow[] = [
  {
    ...usdt(["BTC", "Bitcoin", 65_000, 2, 8], 0),
    minQuantity: "0.000001",
    activity: 40,
    volatility: 0.022,
    priceBand: "0.005",
  },
  {
    ...usdt(["ETH", "Ethereum", 3_400, 2, 5], 1),
    minQuantity: "0.0001",
    activity: 24,
    volatility: 0.028,
    priceBand: "0.05",
  },
  { ...usdt(["SOL", "Solana", 168, 2, 4], 2), minQuantity: "0.001", activity: 14, volatility: 0.04, priceBand: "0.1" },
  { ...usdt(["MX", "MX Token", 3.7, 4, 2], 3), minQuantity: "0.1", activity: 6, priceBand: "0.1" },
  { ...usdt(["ADA", "Cardano", 0.45, 4, 2], 4), minQuantity: "0.1", activity: 6, priceBand: "0.2" },
  { ...usdt(["XRP", "XRP", 0.52, 4, 2], 5), activity: 8 },
  { ...usdt(["DOGE", "Dogecoin", 0.125, 5, 2], 6), activity: 8 },
  {
    base: "龙虾",
    quote: "USDT",
    fullName: "龙虾",
    price: 0.0042,
    priceDecimals: 6,
    quantityDecimals: 2,
    minQuantity: "0",
    activity: 1.5,
    volatility: 0.12,
  },
  {
    ...usdt(["METAL", "Metal Blockchain", 0.062, 4, 2], 7),
    activity: 1,
    volatility: 0.07,
    priceBand: "0.2",
    specialTreatment: true,
  },
  { ...usdt(["LOKA", "League of Kingdoms", 0.19, 4, 2], 8), activity: 1, closedToApi: true },
  {
    base: "ETH",
    quote: "BTC",
    fullName: "Ethereum",
    price: 0.0523,
    priceDecimals: 6,
    quantityDecimals: 4,
    minQuantity: "0.0001",
    activity: 4,
    volatility: 0.02,
  },
  {
    base: "BTC",
    quote: "USDC",
    fullName: "Bitcoin",
    price: 65_000,
    priceDecimals: 2,
    quantityDecimals: 6,
    minQuantity: "0.000001",
    activity: 6,
    volatility: 0.022,
  },
  {
    base: "ETH",
    quote: "USDC",
    fullName: "Ethereum",
    price: 3_400,
    priceDecimals: 2,
    quantityDecimals: 5,
    minQuantity: "0.0001",
    activity: 4,
    volatility: 0.028,
  },
  {
    base: "SOL",
    quote: "ETH",
    fullName: "Solana",
    price: 0.0494,
    priceDecimals: 6,
    quantityDecimals: 3,
    minQuantity: "0.001",
    activity: 1.5,
    volatility: 0.03,
  },
];

const OTHERS: readonly Row[] = [
  ["BNB", "BNB", 585, 1, 4],
  ["TON", "Toncoin", 7.2, 3, 2],
  ["TRX", "TRON", 0.132, 5, 1],
  ["AVAX", "Avalanche", 27.4, 2, 2],
  ["SHIB", "Shiba Inu", 0.0000181, 8, 0],
  ["DOT", "Polkadot", 6.2, 3, 2],
  ["LINK", "Chainlink", 14.1, 3, 2],
  ["BCH", "Bitcoin Cash", 388, 1, 4],
  ["NEAR", "NEAR Protocol", 5.4, 3, 2],
  ["LTC", "Litecoin", 74.8, 2, 3],
  ["UNI", "Uniswap", 9.6, 3, 2],
  ["PEPE", "Pepe", 0.0000117, 9, 0],
  ["ICP", "Internet Computer", 8.4, 3, 2],
  ["KAS", "Kaspa", 0.175, 6, 2],
  ["ETC", "Ethereum Classic", 23.1, 2, 3],
  ["APT", "Aptos", 7.1, 3, 2],
  ["XMR", "Monero", 166, 2, 3],
  ["XLM", "Stellar", 0.091, 5, 1],
  ["HBAR", "Hedera", 0.077, 5, 1],
  ["ATOM", "Cosmos", 6.9, 3, 2],
  ["ARB", "Arbitrum", 0.81, 4, 2],
  ["FIL", "Filecoin", 4.5, 3, 2],
  ["SUI", "Sui", 0.88, 4, 2],
  ["OP", "Optimism", 1.83, 4, 2],
  ["INJ", "Injective", 24.2, 2, 3],
  ["RENDER", "Render", 7.6, 3, 2],
  ["IMX", "Immutable", 1.57, 4, 2],
  ["WIF", "dogwifhat", 2.11, 4, 2],
  ["TAO", "Bittensor", 268, 1, 4],
  ["FTM", "Fantom", 0.58, 4, 2],
  ["GRT", "The Graph", 0.206, 5, 1],
  ["SEI", "Sei", 0.34, 5, 1],
  ["TIA", "Celestia", 6.7, 3, 2],
  ["AAVE", "Aave", 93.5, 2, 4],
  ["ALGO", "Algorand", 0.139, 5, 1],
  ["JUP", "Jupiter", 0.79, 4, 2],
  ["FLOKI", "Floki", 0.000177, 8, 0],
  ["BONK", "Bonk", 0.0000236, 9, 0],
  ["ENA", "Ethena", 0.55, 4, 2],
  ["ONDO", "Ondo", 1.22, 4, 2],
  ["PYTH", "Pyth Network", 0.34, 5, 1],
  ["SAND", "The Sandbox", 0.33, 5, 1],
  ["MANA", "Decentraland", 0.35, 5, 1],
  ["GALA", "Gala", 0.0276, 6, 0],
  ["CRV", "Curve", 0.31, 5, 1],
  ["ATLAS", "Star Atlas", 0.0045, 6, 0],
  ["STX", "Stacks", 1.78, 4, 2],
  ["DYDX", "dYdX", 1.43, 4, 2],
  ["EGLD", "MultiversX", 33.5, 2, 3],
  ["CHZ", "Chiliz", 0.079, 5, 1],
  ["XTZ", "Tezos", 0.79, 4, 2],
  ["AXS", "Axie Infinity", 5.9, 3, 2],
  ["ZEC", "Zcash", 24.4, 2, 3],
  ["MINA", "Mina", 0.49, 4, 2],
  ["COMP", "Compound", 50.3, 2, 4],
  ["KSM", "Kusama", 23.7, 2, 3],
];

/** Markets of which one side is closed. */
const ONE_SIDED: Readonly<Record<string, 2 | 3>> = { ICP: 2, FTM: 3 };

function withQuirks(row: CatalogueRow): CatalogueRow {
  const tradeSideType = ONE_SIDED[row.base];
  return tradeSideType === undefined ? row : { ...row, tradeSideType };
}

const NAMED: readonly CatalogueRow[] = [...MAJORS, ...OTHERS.map((row, at) => withQuirks(usdt(row, at + 8)))];

/** About as many markets as the venue has. */
const MOST_MARKETS = 2_000;

/** Every market that can be had, the most interesting first; an exchange of N symbols takes the first N. */
export const CATALOGUE: readonly CatalogueRow[] = [
  ...NAMED,
  ...inventMarkets(MOST_MARKETS - NAMED.length, new Set(NAMED.map(({ base, quote }) => base + quote))),
];
