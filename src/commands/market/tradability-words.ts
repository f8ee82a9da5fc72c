import type { TradabilityRemark } from "../../core/domain/tradability.ts";
import { isoTime } from "../output/iso-time.ts";

/** What to mind about a market that takes orders, in one sentence; undefined when there is nothing. */
export function warningWords(warnings: readonly TradabilityRemark[]): string | undefined {
  if (warnings.length === 0) return undefined;
  return warnings.map(({ message, at }) => (at === undefined ? message : `${message} from ${isoTime(at)}`)).join("; ");
}
