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

function tradableSymbols(exchange: Exchange): readonly string[] {
  return [...exchange.markets.values()]
    .filter(({ instrument }) => instrument.spotTradingAllowed && instrument.status === "1")
    .map((market) => market.symbol);
}
