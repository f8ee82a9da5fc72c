import { expect } from "vitest";
import type { Query, Reply, Row, VenueClient } from "./venue.ts";

/** Short words for what a trader asks of the exchange. */
export interface Trader {
  post(order: Query): Promise<Reply>;
  /** Places an order that is taken, and gives its answer. */
  place(order: Query): Promise<Row>;
  query(path: string, parameters?: Query): Promise<Row>;
  list(path: string, parameters?: Query): Promise<readonly Row[]>;
  lastPrice(symbol: string): Promise<number>;
  top(symbol: string): Promise<{ readonly bid: number; readonly ask: number }>;
}

export function traderAt(venue: VenueClient): Trader {
  const post = (order: Query): Promise<Reply> => venue.signed("POST", "/api/v3/order", order);
  const read = async (path: string, parameters: Query = {}) =>
    (await venue.signed("GET", `/api/v3/${path}`, parameters)).body;
  return {
    post,
    async place(order) {
      const { status, body } = await post(order);
      expect(status, JSON.stringify(body)).toBe(200);
      return body as Row;
    },
    query: async (path, parameters) => (await read(path, parameters)) as Row,
    list: async (path, parameters) => (await read(path, parameters)) as readonly Row[],
    async lastPrice(symbol) {
      return Number(((await venue.get("/api/v3/ticker/price", { symbol })).body as Row)["price"]);
    },
    async top(symbol) {
      const row = (await venue.get("/api/v3/ticker/bookTicker", { symbol })).body as Row;
      return { bid: Number(row["bidPrice"]), ask: Number(row["askPrice"]) };
    },
  };
}

/** A buy of 60 USDT that stands far below the market. */
export function restingBuy(quantity = "0.001", price = "60000") {
  return { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", quantity, price };
}
