import { describe, expect, it } from "vitest";
import type { RestResult } from "../../../src/adapters/mexc/rest/rest-result.ts";
import { cancelOutcome, faultOf, submitOutcome } from "../../../src/adapters/mexc/rest/error-table.ts";

const refused = (code: number, status = 400): RestResult => ({ kind: "refused", status, code, message: "no" });
const unclear = (status?: number): RestResult => ({
  kind: "unclear",
  why: "x",
  ...(status === undefined ? {} : { status }),
});
const notSent: RestResult = { kind: "not-sent", code: "EXCHANGE_UNAVAILABLE", why: "x", hint: "y" };

describe("what an answer proves", () => {
  it.each<[string, RestResult, string, string]>([
    ["success without an order id", { kind: "ok", body: {} }, "unknown", "accepted"],
    ["a bad tick, or a client order id in use", refused(400), "unknown", "unknown"],
    ["no balance, perhaps because it is in the order", refused(30004), "refused-here", "unknown"],
    ["a bad signature", refused(700002), "rejected", "rejected"],
    ["a clock outside the window", refused(700003), "refused-here", "unknown"],
    ["a symbol the API may not trade", refused(10007), "rejected", "rejected"],
    ["a code nobody has listed", refused(987654), "unknown", "unknown"],
    ["a listed code in a server error", refused(30004, 500), "unknown", "unknown"],
    ["an unknown order", refused(-2011), "unknown", "order-not-known"],
    ["an order the query does not know", refused(-2013), "unknown", "order-not-known"],
    ["a busy exchange, said in a structured way", refused(429), "refused-here", "unknown"],
    ["maintenance", refused(11444), "unknown", "unknown"],
    ["an internal error, said in a structured way", refused(500), "unknown", "unknown"],
    ["a request time nobody can accept", refused(10073), "refused-here", "unknown"],
    ["too many requests", unclear(429), "refused-here", "unknown"],
    ["a ban", unclear(418), "refused-here", "unknown"],
    ["the firewall", unclear(403), "refused-here", "unknown"],
    ["a server error", unclear(502), "unknown", "unknown"],
    ["a time-out, a reset, an unreadable body", unclear(), "unknown", "unknown"],
    ["nothing written", notSent, "not-sent", "not-sent"],
  ])("%s", (_name, result, submit, cancel) => {
    expect(submitOutcome(result).kind).toBe(submit);
    expect(cancelOutcome(result).kind).toBe(cancel);
  });

  it.each<[RestResult, string, number]>([
    [refused(700002), "SIGNATURE_REFUSED", 4],
    [refused(700003), "CLOCK_OUTSIDE_WINDOW", 6],
    [refused(-1121), "SYMBOL_UNKNOWN", 2],
    [refused(987654), "VENUE_REFUSAL", 6],
    [refused(-2013), "ORDER_NOT_KNOWN", 6],
    [refused(510), "RATE_LIMITED", 7],
    [refused(11444), "EXCHANGE_UNAVAILABLE", 7],
    [refused(10072), "KEY_REFUSED", 4],
    [refused(700006), "IP_NOT_ALLOWED", 4],
    [unclear(503), "EXCHANGE_UNAVAILABLE", 7],
    [unclear(429), "RATE_LIMITED", 7],
    [notSent, "EXCHANGE_UNAVAILABLE", 7],
    [{ kind: "not-sent", code: "CLOCK_OFFSET_TOO_LARGE", why: "x", hint: "y" }, "CLOCK_OFFSET_TOO_LARGE", 3],
  ])("turns a failed question into a fault with its code", (result, code, exitCode) => {
    expect(faultOf(result as Exclude<RestResult, { kind: "ok" }>, "asking")).toMatchObject({ code, exitCode });
  });
});
