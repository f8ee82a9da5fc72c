import { safeText } from "./safe-text.ts";

const LONGEST_REASON = 200;

/** Why a person changes the trading state, in their own words; undefined when the words say nothing. */
export function parseReason(text: string): string | undefined {
  const reason = safeText(text.trim(), LONGEST_REASON);
  return /[\p{L}\p{N}]/u.test(reason) ? reason : undefined;
}
