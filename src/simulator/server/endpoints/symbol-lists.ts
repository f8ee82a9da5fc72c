import type { Exchange } from "../../engine/exchange.ts";
import type { Endpoint } from "../endpoint.ts";

export const defaultSymbols: Endpoint = {
  method: "GET",
  path: "/api/v3/defaultSymbols",
  weight: 1,
  access: "public",
  handle: ({ exchange, serverTime }) => ({
    data: tradableSymbols(exchange),
    code: 0,
    msg: "success",
    timestamp: serverTime,
  }),
};

export const selfSymbols: Endpoint = {
  method: "GET",
  path: "/api/v3/selfSymbols",
  weight: 1,
  access: "signed",
  handle: ({ exchange }) => ({ code: 200, data: tradableSymbols(exchange), msg: null }),
};

/** Delisted markets. When they ended is not told, which the venue does too. */
export const offlineSymbols: Endpoint = {
  method: "GET",
  path: "/api/v3/symbol/offline",
  weight: 10,
  access: "public",
  handle: ({ exchange }) => ({
    data: [...exchange.markets.values()]
      .filter(({ instrument }) => instrument.status === "3")
      .map(({ symbol }) => ({ symbol, state: 3 })),
  }),
};

/** The simulated exchange announces nothing, in the shape of one that does. */
export const announcements: Endpoint = {
  method: "GET",
  path: "/api/v3/announcements",
  weight: 1,
  access: "public",
  handle: () => ({ code: 0, data: [{ details: [], totalPage: "0" }], msg: "" }),
};

function tradableSymbols(exchange: Exchange): readonly string[] {
  return [...exchange.markets.values()]
    .filter(({ instrument }) => instrument.spotTradingAllowed && instrument.status === "1")
    .map((market) => market.symbol);
}
