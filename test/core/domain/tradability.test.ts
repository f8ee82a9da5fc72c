import { describe, expect, it } from "vitest";
import type { TradabilityFacts } from "../../../src/core/domain/tradability.ts";
import { assessTradability } from "../../../src/core/domain/tradability.ts";
import { NOW } from "./samples.ts";

const OPEN: TradabilityFacts = {
  status: "online",
  openToApi: true,
  sides: ["buy", "sell"],
  orderTypes: ["limit", "market", "post-only"],
  riskMarked: false,
  apiList: "named",
  keyList: "named",
  end: undefined,
  now: NOW,
};

function codesOf(over: Partial<TradabilityFacts>) {
  const answer = assessTradability({ ...OPEN, ...over });
  return {
    reasons: answer.kind === "restricted" ? answer.reasons.map(({ code }) => code) : [],
    warnings: answer.warnings.map(({ code }) => code),
  };
}

describe("tradability", () => {
  it.each<[string, Partial<TradabilityFacts>, readonly string[], readonly string[]]>([
    ["lets an open market pass", {}, [], []],
    ["asks for no key where there is none", { keyList: "not-asked" }, [], []],
    ["stops at a pause", { status: "paused" }, ["MARKET_PAUSED"], []],
    ["stops at a market taken offline", { status: "offline" }, ["MARKET_OFFLINE"], []],
    ["believes the flag of the API more than the status", { openToApi: false }, ["NOT_OPEN_TO_API"], []],
    ["wants it on the list of the API", { apiList: "missing" }, ["NOT_LISTED_FOR_API"], []],
    ["wants it on the list of the key", { keyList: "missing" }, ["NOT_ON_KEY"], []],
    ["stops when both sides are closed", { sides: [] }, ["MARKET_CLOSED"], []],
    ["stops at a suspension", { end: { kind: "suspended" } }, ["MARKET_SUSPENDED"], []],
    [
      "stops at a delisting",
      { status: "offline", end: { kind: "delisted" } },
      ["MARKET_OFFLINE", "MARKET_DELISTED"],
      [],
    ],
    ["warns of a delisting ahead", { end: { kind: "delisted", at: NOW + 1 } }, [], ["MARKET_ENDS"]],
    ["warns of a suspension ahead", { end: { kind: "suspended", at: NOW + 1 } }, [], ["MARKET_ENDS"]],
    ["takes the moment itself as begun", { end: { kind: "suspended", at: NOW } }, ["MARKET_SUSPENDED"], []],
    ["lets a market listed again be sold", { end: { kind: "delisted", at: NOW - 1 } }, [], ["END_DISPUTED"]],
    ["warns of the risk mark", { riskMarked: true }, [], ["RISK_MARKED"]],
    ["warns of a single side", { sides: ["sell"] }, [], ["ONE_SIDE_ONLY"]],
    ["warns of a status of no known meaning", { status: "unknown" }, [], ["STATUS_UNKNOWN"]],
    ["warns when no type is named", { orderTypes: [] }, [], ["NO_ORDER_TYPES"]],
    [
      "tells each list that was not read, and stops for none",
      { apiList: "not-read", keyList: "not-read", end: "not-read" },
      [],
      ["LIST_NOT_READ", "LIST_NOT_READ", "LIST_NOT_READ"],
    ],
  ])("%s", (_name, over, reasons, warnings) => {
    expect(codesOf(over)).toEqual({ reasons, warnings });
  });

  it("tells every reason, in one sentence too", () => {
    const answer = assessTradability({ ...OPEN, status: "paused", openToApi: false, keyList: "missing" });
    expect(answer).toMatchObject({
      kind: "restricted",
      reason: "the exchange has paused it; the exchange does not open it to the API; this API key may not trade it",
    });
  });

  it("says from when a market ends", () => {
    const { warnings } = assessTradability({ ...OPEN, end: { kind: "delisted", at: NOW + 60_000 } });
    expect(warnings).toEqual([
      { code: "MARKET_ENDS", message: expect.stringContaining("delisted") as string, at: NOW + 60_000 },
    ]);
  });
});
