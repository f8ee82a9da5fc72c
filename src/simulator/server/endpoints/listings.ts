import { parameterError } from "../../engine/refusal.ts";
import { coinIdOf, contractAddressOf, marketIdOf } from "../../market/coin-facts.ts";
import type { SimInstrument } from "../../engine/instrument.ts";
import type { Listing } from "../../market/listing.ts";
import { DAY_MS } from "../../times.ts";
import type { Call, PublicEndpoint } from "../endpoint.ts";

const LANGUAGE = "en-US";
const SITE = "https://www.mexc.com";

type Row = Readonly<Record<string, unknown>>;

/** Official news: every listing and delisting has a post, the newest first. */
export const announcements: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/announcements",
  weight: 0,
  ownLimit: { most: 5, windowMs: 2_000 },
  access: "public",
  handle: (call) => {
    const { parameters } = call;
    const limit = parameters.whole("limit") ?? 20;
    if (limit < 5 || limit > 100 || limit % 5 !== 0) throw parameterError("limit");
    const page = Math.max(1, parameters.whole("page") ?? 1);
    const isKnown = (parameters.text("language") ?? LANGUAGE) === LANGUAGE;
    const posts = isKnown ? postsOf(call) : [];
    const details = posts.slice((page - 1) * limit, page * limit);
    return { code: 0, data: [{ details, totalPage: String(Math.ceil(posts.length / limit)) }], msg: "" };
  },
};

/** The web's calendar: the first to know of a coin, and the last to forget it. */
export const newCoinCalendar: PublicEndpoint = {
  method: "GET",
  path: "/api/operation/new_coin_calendar",
  weight: 0,
  access: "public",
  handle: ({ venue }) => ({
    data: {
      newCoins: venue.simulation.listings.all
        .filter(({ opensAt }) => opensAt > venue.now() - DAY_MS)
        .map(({ row, opensAt }) => ({
          vcoinId: coinIdOf(row.base),
          vcoinName: row.base,
          vcoinNameFull: row.fullName,
          firstOpenTime: opensAt,
          zone: "NEW",
          introductionEn: `${row.fullName} (${row.base})`,
          introductionCn: "",
        })),
    },
  }),
};

/** The web's list of markets, with its two-letter names; keyed by quote asset, or flat as some clients expect it. */
export const symbolsV2: PublicEndpoint = {
  method: "GET",
  path: "/api/platform/spot/market-v2/web/symbolsV2",
  weight: 0,
  access: "public",
  handle: (call) => {
    const rows = webRows(call);
    if (call.venue.switches.get("symbols-v2-shape") === "flat")
      return { data: { symbols: rows.map(({ row }) => row) } };
    const symbols: Record<string, Row[]> = {};
    for (const { quote, row } of rows) (symbols[quote] ??= []).push(row);
    return { data: { symbols } };
  },
};

/** The same markets under the older address, always flat. */
export const spotMarketSymbols: PublicEndpoint = {
  method: "GET",
  path: "/api/platform/spot2/market/symbols",
  weight: 0,
  access: "public",
  handle: (call) => ({ code: 200, msg: "success", data: webRows(call).map(({ row }) => row) }),
};

/** Launch campaigns of coins that are about to open. */
export const activities: PublicEndpoint = {
  method: "GET",
  path: "/api/operateactivity/activity/list/by/currencies",
  weight: 0,
  access: "public",
  handle: ({ parameters, venue }) => {
    const wanted = parameters.required("currencies").split(",");
    const data = venue.simulation.listings.all
      .filter(({ row, opensAt }) => wanted.includes(row.base) && opensAt > venue.now())
      .map(({ row }) => ({
        activityId: marketIdOf(`activity ${row.base}`),
        currency: row.base,
        currencyId: coinIdOf(row.base),
        activityType: "SUN_SHINE",
      }));
    return { code: 0, msg: "success", data };
  },
};

function postsOf({ venue }: Call): readonly Row[] {
  const { all, delistings } = venue.simulation.listings;
  const posts = [
    ...all.map(({ row, announcedAt }) => ({
      title: `Initial Listing: MEXC Will List ${row.fullName} (${row.base})`,
      url: `${SITE}/announcements/article/${marketIdOf(`listing ${row.base}`).slice(0, 14)}`,
      language: LANGUAGE,
      postTime: announcedAt,
    })),
    ...delistings.map(({ symbol, announcedAt }) => ({
      title: `MEXC Will Delist ${symbol}`,
      url: `${SITE}/announcements/article/${marketIdOf(`delisting ${symbol}`).slice(0, 14)}`,
      language: LANGUAGE,
      postTime: announcedAt,
    })),
  ];
  return posts.toSorted((left, right) => right.postTime - left.postTime);
}

function webRows({ exchange, venue }: Call): readonly { readonly quote: string; readonly row: Row }[] {
  const now = venue.now();
  const coming = venue.simulation.listings.all.filter(({ opensAt }) => opensAt > now);
  const isComing = new Set(coming.map(({ symbol }) => symbol));
  const traded = [...exchange.markets.values()]
    .map(({ instrument }) => instrument)
    .filter(({ symbol, status }) => status === "1" && !isComing.has(symbol));
  return [
    ...traded.map((instrument, at) => ({ quote: instrument.quoteAsset, row: tradedRow(instrument, at) })),
    ...coming
      .filter(({ webRowAt }) => webRowAt <= now)
      .map((listing) => ({ quote: listing.row.quote, row: comingRow(listing, now) })),
  ];
}

function tradedRow(instrument: SimInstrument, at: number): Row {
  const { symbol, baseAsset, quoteAsset, fullName } = instrument;
  return {
    ...namesOf(symbol, baseAsset, quoteAsset, fullName),
    srt: at + 1,
    sts: 1,
    st: 1,
    tt: 1,
    ot: instrument.firstOpenTime,
    ...scalesOf(baseAsset, instrument.priceDecimals, instrument.quantityDecimals),
  };
}

/** 1/1/1 without decimals at first; 2/2/4 with everything once it is ready. */
function comingRow({ symbol, row, readyAt, opensAt }: Listing, now: number): Row {
  const names = { ...namesOf(symbol, row.base, row.quote, row.fullName), srt: 0 };
  if (now < readyAt) return { ...names, sts: 1, st: 1, tt: 1 };
  return {
    ...names,
    sts: 2,
    st: 2,
    tt: 4,
    ot: opensAt,
    ...scalesOf(row.base, row.priceDecimals, row.quantityDecimals),
  };
}

function namesOf(symbol: string, base: string, quote: string, fullName: string): Row {
  return {
    id: marketIdOf(symbol),
    mcd: coinIdOf(quote),
    cd: coinIdOf(base),
    vn: base,
    fn: fullName,
    fne: fullName,
    tp: "NEW",
    in: "",
    cp: "",
    ci: "",
    cdm: 1,
    dst: 1,
  };
}

function scalesOf(base: string, priceScale: number, quantityScale: number): Row {
  return { ps: priceScale, qs: quantityScale, ca: contractAddressOf(base) };
}
