import { describe, expect, it } from "vitest";
import { costOf, REQUEST_COSTS } from "../../../src/adapters/mexc/rest/request-cost.ts";
import { ENDPOINTS } from "../../../src/simulator/server/route-table.ts";

const charged = new Map(
  ENDPOINTS.map(({ method, path, weight, isOrderAction }) => [
    `${method} ${path}`,
    isOrderAction === true ? "order-action" : weight,
  ]),
);

describe("what a request costs", () => {
  it.each([...REQUEST_COSTS])("is what the exchange charges: %s, %s", (request, cost) => {
    expect(cost).toBe(charged.get(request));
  });

  it("decides where it stands", () => {
    expect(costOf("POST", "/api/v3/order", true)).toEqual({ weight: 0, isOrderAction: true, lane: "order" });
    expect(costOf("DELETE", "/api/v3/order", true)).toEqual({ weight: 0, isOrderAction: true, lane: "cancel" });
    expect(costOf("GET", "/api/v3/order", true)).toEqual({ weight: 2, isOrderAction: false, lane: "account" });
    expect(costOf("POST", "/api/v3/order/test", true)).toEqual({ weight: 1, isOrderAction: false, lane: "account" });
    expect(costOf("GET", "/api/v3/exchangeInfo", false)).toEqual({ weight: 25, isOrderAction: false, lane: "market" });
    expect(costOf("GET", "/api/v3/klines", false)).toEqual({ weight: 1, isOrderAction: false, lane: "history" });
  });

  it("is never guessed", () => {
    expect(() => costOf("GET", "/api/v3/strategy/group", true)).toThrow("nobody has written down");
    expect(() => costOf("DELETE", "/api/v3/depth", false)).toThrow("nobody has written down");
  });
});
