import { z } from "zod";
import { parsePrice, parseQuantity } from "../../core/domain/money.ts";
import type { SimInstrument } from "../engine/instrument.ts";
import { ORDER_TYPES } from "../engine/order.ts";
import type { Venue } from "../server/venue.ts";
import type { ControlCall } from "./control-call.ts";
import { accountOf, positive } from "./control-call.ts";

const span = z
  .number()
  .int()
  .min(0)
  .max(7 * 86_400_000);

const moveSchema = z.strictObject({ symbol: z.string(), price: positive(parsePrice) });

const listingSchema = z.strictObject({
  symbol: z.string().min(2),
  quote: z.string().min(1).default("USDT"),
  fullName: z.string().min(1).optional(),
  price: positive(parsePrice).prefault("1"),
  webRowInMs: span.optional(),
  readyInMs: span.optional(),
  rowInMs: span.optional(),
  openInMs: span.default(10_000),
  apiClosedForMs: span.optional(),
});

const delistingSchema = z.strictObject({ symbol: z.string(), suspendInMs: span.optional(), delistInMs: span });

const symbolSchema = z.strictObject({
  symbol: z.string(),
  status: z.enum(["1", "2", "3"]).optional(),
  isSpotTradingAllowed: z.boolean().optional(),
  tradeSideType: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
  st: z.boolean().optional(),
  orderTypes: z.array(z.enum(ORDER_TYPES)).optional(),
  marketOrders: z.boolean().optional(),
  /** Null lets an account hold any amount. */
  largestPosition: positive((text) => parseQuantity(text))
    .nullable()
    .optional(),
  suspendedSides: z.array(z.enum(["BUY", "SELL"])).optional(),
  /** API keys of the accounts that are admitted; null takes the market out of the zone. */
  assessmentZone: z.array(z.string()).nullable().optional(),
});

/** Calls that move, list, delist and alter markets. */
export const MARKET_CALLS: readonly ControlCall[] = [
  {
    method: "POST",
    path: "/_sim/move",
    allowed: "{symbol, price}",
    run: (input, { venue }) => {
      const { symbol, price } = moveSchema.parse(input);
      venue.simulation.move(symbol, price);
      return { ok: true };
    },
  },
  {
    method: "POST",
    path: "/_sim/listing",
    allowed:
      "{symbol, quote?, fullName?, price?, webRowInMs?, readyInMs?, rowInMs?, openInMs?, apiClosedForMs?}: in the calendar " +
      "at once, in symbolsV2 after a quarter of the time to its opening, ready there after half, in exchangeInfo after " +
      "three quarters, unless said otherwise; or {symbol, suspendInMs?, delistInMs}: leaves",
    run: (input, { venue }) => (isDelisting(input) ? delist(input, venue) : list(input, venue)),
  },
  {
    method: "POST",
    path: "/_sim/symbol",
    allowed:
      "{symbol, status?: 1|2|3, isSpotTradingAllowed?, tradeSideType?: 1|2|3|4, st?, orderTypes?, marketOrders?, " +
      "suspendedSides?: [BUY, SELL], largestPosition?: base units or null, assessmentZone?: [KEY, …] or null}: other rules for a market from now on",
    run: (input, { venue }) => {
      const wanted = symbolSchema.parse(input);
      const market = venue.exchange.market(wanted.symbol);
      const { instrument } = market;
      const isOff = wanted.marketOrders === undefined ? instrument.marketOrdersOff : !wanted.marketOrders;
      market.alter({
        status: wanted.status ?? instrument.status,
        spotTradingAllowed: wanted.isSpotTradingAllowed ?? instrument.spotTradingAllowed,
        tradeSideType: wanted.tradeSideType ?? instrument.tradeSideType,
        specialTreatment: wanted.st ?? instrument.specialTreatment,
        orderTypes: wanted.orderTypes ?? instrument.orderTypes,
        marketOrdersOff: isOff,
        suspendedSides: wanted.suspendedSides ?? instrument.suspendedSides,
        largestPosition:
          wanted.largestPosition === undefined ? instrument.largestPosition : (wanted.largestPosition ?? undefined),
        assessmentAccounts: assessmentAccountsOf(wanted.assessmentZone, instrument, venue),
      });
      return { ok: true };
    },
  },
];

function assessmentAccountsOf(
  keys: readonly string[] | null | undefined,
  instrument: SimInstrument,
  venue: Venue,
): SimInstrument["assessmentAccounts"] {
  if (keys === undefined) return instrument.assessmentAccounts;
  return keys === null ? undefined : new Set(keys.map((apiKey) => accountOf(venue, apiKey)));
}

function isDelisting(input: unknown): boolean {
  return typeof input === "object" && input !== null && "delistInMs" in input;
}

function list(input: unknown, venue: Venue): unknown {
  const script = listingSchema.parse(input);
  const { symbol, webRowAt, readyAt, rowAt, opensAt, apiOpensAt } = venue.simulation.listings.add(script, venue.now());
  return { ok: true, symbol, webRowAt, readyAt, rowAt, opensAt, apiOpensAt };
}

function delist(input: unknown, venue: Venue): unknown {
  const { symbol, suspendsAt, endsAt } = venue.simulation.listings.remove(
    { suspendInMs: undefined, ...delistingSchema.parse(input) },
    venue.now(),
  );
  return { ok: true, symbol, suspendsAt, endsAt };
}
