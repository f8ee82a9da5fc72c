import type { Tradability, TradabilityRemark } from "../../core/domain/tradability.ts";
import { isoTime } from "../output/iso-time.ts";

/** Whether it takes orders. What could not be read may yet say no, so a yes without it would be a promise. */
export function answerWords(tradability: Tradability): string {
  if (tradability.kind === "restricted") return `no: ${tradability.reason}`;
  const unread = tradability.warnings.some(({ code }) => code === "LIST_NOT_READ");
  return unread ? "unknown: not all could be read, so the exchange decides when an order is sent" : "yes";
}

/** What to mind about a market that takes orders, in one sentence; undefined when there is nothing. */
export function warningWords(warnings: readonly TradabilityRemark[]): string | undefined {
  if (warnings.length === 0) return undefined;
  return warnings.map(({ message, at }) => (at === undefined ? message : `${message} from ${isoTime(at)}`)).join("; ");
}
