import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { OrderReason } from "../../../core/domain/order.ts";
import type { CancelOutcome, SubmitOutcome, TestOutcome } from "../../../core/ports/exchange-gateway.ts";
import { usualPauseMs } from "./rate-budget.ts";
import type { RestResult } from "./rest-result.ts";
import type { RefusalProof } from "./venue-codes.ts";
import { VENUE_CODES } from "./venue-codes.ts";

export const UNKNOWN_ORDER_CODES: ReadonlySet<number> = new Set([-2011, -2013]);

/** What an answer to a submit proves: the architecture's table, row by row. */
export function submitOutcome(result: RestResult): Exclude<SubmitOutcome, { kind: "accepted" }> {
  switch (result.kind) {
    case "refused": {
      return { kind: SUBMIT_BY_PROOF[proofOf(result)], reason: refusalReason(result) };
    }
    case "not-sent":
      return { kind: "not-sent", reason: { code: result.code, message: withHint(result.why, result.hint) } };
    case "unclear":
      if (isKeptOut(result)) return { kind: "refused-here", reason: keptOutReason(result) };
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
    case "ok":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: "the exchange's answer names no order" } };
  }
}

type Unclear = Extract<RestResult, { kind: "unclear" }>;

/**
 * Turned away by the limits or the firewall, which stand before the exchange's orders: this delivery was not taken. The
 * documents call the outcome unknown for 5xx alone. Of another delivery it says nothing.
 */
function isKeptOut({ status }: Unclear): boolean {
  return status === 429 || status === 418 || status === 403;
}

function keptOutReason(result: Unclear): OrderReason {
  const code = result.status === 403 ? "EXCHANGE_UNAVAILABLE" : "RATE_LIMITED";
  return { code, message: withHint(result.why, pauseHint(result)) };
}

const SUBMIT_BY_PROOF = { whole: "rejected", "this-delivery": "refused-here", none: "unknown" } as const;

/** What an answer to a test proves. It books nothing, so a second delivery of it is refused for what the first was. */
export function testOutcome(result: RestResult): TestOutcome {
  if (result.kind === "ok") return { kind: "valid" };
  if (result.kind === "refused" && result.status < 500) {
    const known = VENUE_CODES.get(result.code);
    if (known !== undefined && known.exitCode !== EXIT_CODES.unavailable)
      return { kind: "rejected", reason: refusalReason(result) };
  }
  const outcome = submitOutcome(result);
  return { kind: outcome.kind === "not-sent" ? "not-sent" : "unknown", reason: outcome.reason };
}

/** What an answer to a cancel proves. */
export function cancelOutcome(result: RestResult): CancelOutcome {
  switch (result.kind) {
    case "ok":
      return { kind: "accepted" };
    case "refused":
      if (UNKNOWN_ORDER_CODES.has(result.code)) return { kind: "order-not-known", reason: refusalReason(result) };
      return proofOf(result) === "whole"
        ? { kind: "rejected", reason: refusalReason(result) }
        : { kind: "unknown", reason: refusalReason(result) };
    case "not-sent":
      return { kind: "not-sent", reason: { code: result.code, message: withHint(result.why, result.hint) } };
    case "unclear":
      return { kind: "unknown", reason: { code: "OUTCOME_UNKNOWN", message: result.why } };
  }
}

function proofOf({ code, status }: Extract<RestResult, { kind: "refused" }>): RefusalProof {
  return status < 500 ? (VENUE_CODES.get(code)?.proof ?? "none") : "none";
}

function refusalReason(result: Extract<RestResult, { kind: "refused" }>): OrderReason {
  const known = VENUE_CODES.get(result.code);
  return { code: known?.code ?? "VENUE_REFUSAL", message: withHint(`${result.message} (${result.code})`, known?.hint) };
}

function withHint(what: string, hint: string | undefined): string {
  const sentence = /[.!?)]$/.test(what) ? what : `${what}.`;
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}

/** Counts the pause as the budget does that the next requests wait for. */
function pauseHint({ status, retryAfterSeconds }: Unclear): string {
  if (retryAfterSeconds !== undefined) return `Try again in ${retryAfterSeconds} s.`;
  const usualMs = usualPauseMs(status);
  return usualMs === undefined
    ? "Try again in a moment; `tapedeck doctor` shows the connection."
    : `Try again in ${Math.ceil(usualMs / 1_000)} s; \`tapedeck doctor\` counts the pause down.`;
}

/** The fault of a question that got no usable answer. */
export function faultOf(result: Exclude<RestResult, { kind: "ok" }>, asked: string): AppError {
  switch (result.kind) {
    case "refused": {
      const known = VENUE_CODES.get(result.code);
      return new AppError({
        code: known?.code ?? "VENUE_REFUSAL",
        message: `The exchange refused ${asked}: ${result.message} (${result.code}).`,
        notDone: "Nothing was changed.",
        exitCode: known?.exitCode ?? EXIT_CODES.rejected,
        venueCode: result.code,
        ...(known === undefined ? {} : { hint: known.hint }),
      });
    }
    case "not-sent":
      return new AppError({
        code: result.code,
        message: `${asked[0]?.toUpperCase() ?? ""}${asked.slice(1)} failed: ${result.why}.`,
        notDone: "Nothing was sent.",
        hint: result.hint,
        exitCode: result.code === "CLOCK_OFFSET_TOO_LARGE" ? EXIT_CODES.configuration : EXIT_CODES.unavailable,
      });
    case "unclear":
      return new AppError({
        code: result.status === 429 || result.status === 418 ? "RATE_LIMITED" : "EXCHANGE_UNAVAILABLE",
        message: `${asked[0]?.toUpperCase() ?? ""}${asked.slice(1)} failed: ${result.why}.`,
        notDone: "Nothing was changed.",
        hint: pauseHint(result),
        exitCode: EXIT_CODES.unavailable,
        ...(result.status === undefined ? {} : { venueCode: result.status }),
      });
  }
}
