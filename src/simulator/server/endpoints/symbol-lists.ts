import { maySee } from "../api-keys.ts";
import type { Exchange } from "../../engine/exchange.ts";
import type { PublicEndpoint, SignedEndpoint } from "../endpoint.ts";

export const defaultSymbols: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/defaultSymbols",
  weight: 1,
  access: "public",
  handle: ({ exchange, venue, serverTime }) => {
    const data = tradableSymbols(exchange);
    return venue.switches.get("default-symbols-code") === "200"
      ? { code: 200, data, msg: null }
      : { data, code: 0, msg: "success", timestamp: serverTime };
  },
};

export const selfSymbols: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/selfSymbols",
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ exchange, key }) => ({
    code: 200,
    data: tradableSymbols(exchange).filter((symbol) => maySee(key, symbol)),
    msg: null,
  }),
};

/** Suspended and delisted markets; when they end is absent where nobody has said. */
export const offlineSymbols: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/symbol/offline",
  weight: 10,
  access: "public",
  handle: ({ venue }) => ({ data: venue.simulation.listings.offline(venue.now()) }),
};

function tradableSymbols(exchange: Exchange): readonly string[] {
  return [...exchange.markets.values()]
    .filter(({ instrument }) => instrument.spotTradingAllowed && instrument.status === "1")
    .map((market) => market.symbol);
}
