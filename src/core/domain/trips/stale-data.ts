import type { TripRule } from "../trip-facts.ts";

/** Orders that rest and stops that wait are blind when no price comes. */
export const staleData: TripRule = ({ now, resumedAt, marketData }, { staleDataMs: limit }) => {
  if (limit === undefined || !marketData.isNeeded) return undefined;
  const since = Math.max(marketData.newestAt, resumedAt);
  if (now - since < limit) return undefined;
  const value = `${Math.floor((now - marketData.newestAt) / 1_000)} s`;
  return {
    name: "stale-data",
    reason: `no market data has come for ${value} while something depends on it`,
    evidence: [{ what: "age of market data", value, limit: `${limit / 1_000} s`, since: marketData.newestAt }],
  };
};
