import { z } from "zod";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { RestResult } from "./rest-result.ts";

/** What every answer may carry beside its own fields: an envelope's code, a refusal, or the id of an order. */
const envelopeSchema = z.object({ code: z.unknown(), msg: z.unknown(), orderId: z.unknown() }).partial();

/**
 * What an answer says in the exchange's own form. Code absent, 0 or 200 with a 2xx status is success; a code with
 * anything else is the exchange's no; whatever contradicts itself or has another form is unclear.
 *
 * @param retryAfter the header as it came; the exchange gives seconds
 */
export function readAnswer(status: number, text: string, retryAfter: string | undefined): RestResult {
  if (status === 429 || status === 418 || status === 403 || status >= 500 || status < 200) {
    const why = STATUS_WORDS.get(status) ?? `the exchange answered ${status}`;
    return { kind: "unclear", status, why, ...readPause(retryAfter) };
  }
  if (status >= 300 && status < 400) {
    // Followed, it would sign for whoever it names.
    return { kind: "unclear", status, why: `the exchange answered with a redirect (${status}), which is not followed` };
  }
  const body = parseJson(text);
  if (body === undefined) return { kind: "unclear", status, why: "the exchange's answer is no JSON" };
  const envelope = envelopeSchema.safeParse(body.value);
  const { code, msg, orderId } = envelope.success ? envelope.data : {};
  const succeeded = code === undefined || code === 0 || code === 200;
  if (status >= 200 && status < 300 && succeeded) return { kind: "ok", body: body.value };
  if (typeof code !== "number" || !Number.isSafeInteger(code) || succeeded) {
    return { kind: "unclear", status, why: `the exchange answered ${status} without a code` };
  }
  if (orderId !== undefined && orderId !== null) {
    return { kind: "unclear", status, why: `the exchange answered with the refusal ${code} and with an order` };
  }
  const message = safeText(typeof msg === "string" ? msg.trim() : "no reason given");
  return { kind: "refused", status, code, message };
}

/** The value, wrapped, because `null` is JSON too; undefined for what is none. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** No pause is longer than the longest ban the exchange documents, whatever a header says. */
const LONGEST_PAUSE_S = 3 * 86_400;

function readPause(retryAfter: string | undefined): { readonly retryAfterSeconds?: number } {
  if (retryAfter === undefined || !/^\d{1,9}$/.test(retryAfter.trim())) return {};
  return { retryAfterSeconds: Math.min(Number(retryAfter), LONGEST_PAUSE_S) };
}

const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [403, "the exchange's firewall refused the request (403)"],
  [418, "the exchange has banned this address for a while (418)"],
  [429, "too many requests (429)"],
]);
