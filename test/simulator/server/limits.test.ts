import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../../src/simulator/server/endpoint.ts";
import { RateLimited, RateLimits } from "../../../src/simulator/server/limits.ts";

const look = (weight: number): Endpoint => ({
  method: "GET",
  path: "/api/v3/look",
  weight,
  access: "public",
  handle: () => ({}),
});
const order: Endpoint = { ...look(0), method: "POST", isOrderAction: true };

/** @returns the status and the wait in seconds of a refusal; undefined when there was room */
function refusalOf(
  limits: RateLimits,
  endpoint: Endpoint,
  now: number,
  apiKey = "mx0a",
): readonly number[] | undefined {
  try {
    limits.spend(endpoint, apiKey, now);
    return undefined;
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    return [error.httpStatus, error.retryAfterSeconds];
  }
}

describe("the limits (fact sheet 1.4)", () => {
  it("take 300 weight in any ten seconds, not in ten seconds by the clock", () => {
    const limits = new RateLimits();
    expect(refusalOf(limits, look(150), 0)).toBeUndefined();
    expect(refusalOf(limits, look(150), 9_000)).toBeUndefined();
    expect(refusalOf(limits, look(1), 9_500)).toEqual([429, 1]);
    // The first half has left the window; the second half has not.
    expect(refusalOf(limits, look(150), 10_000)).toBeUndefined();
    expect(refusalOf(limits, look(1), 10_001)).toEqual([429, 9]);
  });

  it("take twelve order actions a second of each account, apart from the weight", () => {
    const limits = new RateLimits();
    for (let count = 0; count < 12; count += 1) expect(refusalOf(limits, order, count)).toBeUndefined();
    expect(refusalOf(limits, order, 500)).toEqual([429, 1]);
    expect(refusalOf(limits, order, 500, "mx0b")).toBeUndefined();
    expect(refusalOf(limits, look(300), 500)).toBeUndefined();
    expect(refusalOf(limits, order, 1_000)).toBeUndefined();
  });

  it("ban who goes on asking instead of waiting, and let go after two minutes", () => {
    const limits = new RateLimits();
    limits.spend(look(300), "", 0);
    const statuses = Array.from({ length: 11 }, (_, count) => refusalOf(limits, look(1), count + 1)?.[0]);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 429), 418]);
    expect(refusalOf(limits, look(1), 60_000)).toEqual([418, 61]);
    expect(refusalOf(limits, look(1), 120_011)).toBeUndefined();
  });
});
