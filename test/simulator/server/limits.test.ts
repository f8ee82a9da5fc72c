import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../../src/simulator/server/endpoint.ts";
import { RateLimited, RateLimits } from "../../../src/simulator/server/limits.ts";
import { Parameters } from "../../../src/simulator/server/parameters.ts";
import { ENDPOINTS } from "../../../src/simulator/server/route-table.ts";
import type { SwitchValue } from "../../../src/simulator/switches.ts";

const look = (weight: number): Endpoint => ({
  method: "GET",
  path: "/api/v3/look",
  weight,
  access: "public",
  handle: () => ({}),
});
const order: Endpoint = { ...look(0), method: "POST", isOrderAction: true };

function endpoint(method: string, path: string): Endpoint {
  const found = ENDPOINTS.find((one) => one.method === method && one.path === `/api/v3${path}`);
  if (found === undefined) throw new Error(`no endpoint ${method} ${path}`);
  return found;
}

interface Asked {
  readonly generation?: SwitchValue<"limits-generation">;
  readonly account?: string;
  readonly address?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** @returns the status and the wait in seconds of a refusal; undefined when there was room */
function refusalOf(
  limits: RateLimits,
  asked: Endpoint,
  now: number,
  { generation = "B", account = "mx0a", address = "127.0.0.1", parameters = {} }: Asked = {},
): readonly number[] | undefined {
  const sent = new Parameters(new Map(Object.entries(parameters)));
  try {
    limits.spend({ endpoint: asked, parameters: sent, account, address }, generation, now);
    return undefined;
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    return [error.httpStatus, error.retryAfterSeconds];
  }
}

/** How many calls at one moment pass before the first refusal. */
function roomFor(asked: Endpoint, how: Asked = {}): number {
  const limits = new RateLimits();
  for (let count = 0; count < 1_000; count += 1) if (refusalOf(limits, asked, 0, how) !== undefined) return count;
  return 1_000;
}

describe("the limits of today (fact sheet 1.4, generation B)", () => {
  it("take 300 weight in any ten seconds, not in ten seconds by the clock", () => {
    const limits = new RateLimits();
    expect(refusalOf(limits, look(150), 0)).toBeUndefined();
    expect(refusalOf(limits, look(150), 9_000)).toBeUndefined();
    expect(refusalOf(limits, look(1), 9_500)).toEqual([429, 1]);
    // The first half has left the window; the second half has not.
    expect(refusalOf(limits, look(150), 10_000)).toBeUndefined();
    expect(refusalOf(limits, look(1), 10_001)).toEqual([429, 9]);
  });

  it("share the weight among all endpoints of an address, and not with another address", () => {
    const limits = new RateLimits();
    for (let count = 0; count < 12; count += 1) refusalOf(limits, endpoint("GET", "/exchangeInfo"), 0);
    expect(refusalOf(limits, endpoint("GET", "/ping"), 0)).toEqual([429, 10]);
    expect(refusalOf(limits, endpoint("GET", "/ping"), 0, { address: "127.0.0.2" })).toBeUndefined();
  });

  it("take twelve order actions a second of each account, whichever they are, apart from the weight", () => {
    const limits = new RateLimits();
    const actions = [
      endpoint("POST", "/order"),
      endpoint("POST", "/batchOrders"),
      endpoint("DELETE", "/order"),
      endpoint("DELETE", "/openOrders"),
      endpoint("DELETE", "/order/all"),
    ];
    for (let count = 0; count < 12; count += 1) {
      expect(refusalOf(limits, actions[count % actions.length] ?? order, count)).toBeUndefined();
    }
    expect(refusalOf(limits, order, 500)).toEqual([429, 1]);
    expect(refusalOf(limits, order, 500, { account: "mx0b" })).toBeUndefined();
    expect(refusalOf(limits, look(300), 500)).toBeUndefined();
    expect(refusalOf(limits, order, 1_000)).toBeUndefined();
  });

  it("take announcements five in two seconds, outside the weight", () => {
    const limits = new RateLimits();
    const news = endpoint("GET", "/announcements");
    expect(refusalOf(limits, look(300), 0)).toBeUndefined();
    for (let count = 0; count < 5; count += 1) expect(refusalOf(limits, news, count)).toBeUndefined();
    expect(refusalOf(limits, news, 5)).toEqual([429, 2]);
    expect(refusalOf(limits, news, 2_000)).toBeUndefined();
  });

  it("ban who goes on asking instead of waiting, and for twice as long the next time", () => {
    const limits = new RateLimits();
    refusalOf(limits, look(300), 0);
    const statuses = Array.from({ length: 11 }, (_, count) => refusalOf(limits, look(1), count + 1)?.[0]);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 429), 418]);
    expect(refusalOf(limits, look(1), 60_000)).toEqual([418, 61]);
    expect(refusalOf(limits, look(300), 120_011)).toBeUndefined();
    const again = Array.from({ length: 11 }, (_, count) => refusalOf(limits, look(1), 120_012 + count));
    expect(again.at(-1)).toEqual([418, 240]);
  });
});

describe("the other generations", () => {
  it.each([
    ["exchangeInfo", endpoint("GET", "/exchangeInfo"), {}, 12, 50],
    ["depth", endpoint("GET", "/depth"), {}, 100, 500],
    ["one day ticker", endpoint("GET", "/ticker/24hr"), { symbol: "A" }, 12, 500],
    ["all day tickers", endpoint("GET", "/ticker/24hr"), {}, 12, 12],
    ["all prices", endpoint("GET", "/ticker/price"), {}, 30, 250],
    ["the account", endpoint("GET", "/account"), {}, 30, 2],
    ["batches", endpoint("POST", "/batchOrders"), {}, 12, 2],
    ["orders", endpoint("POST", "/order"), {}, 12, 500],
  ])("%s at once: so many under B, so many under A", (_what, asked, parameters, now, before) => {
    expect([roomFor(asked, { parameters }), roomFor(asked, { parameters, generation: "A" })]).toEqual([now, before]);
  });

  it("A counts every endpoint for itself", () => {
    const limits = new RateLimits();
    const how = { generation: "A" } as const;
    for (let count = 0; count < 500; count += 1) refusalOf(limits, endpoint("GET", "/ping"), 0, how);
    expect(refusalOf(limits, endpoint("GET", "/ping"), 0, how)).toEqual([429, 10]);
    expect(refusalOf(limits, endpoint("GET", "/time"), 0, how)).toBeUndefined();
  });

  it("C counts requests, twenty a second, whatever they weigh", () => {
    expect(roomFor(endpoint("GET", "/exchangeInfo"), { generation: "C" })).toBe(20);
    expect(roomFor(endpoint("POST", "/order"), { generation: "C" })).toBe(12);
  });
});
