import type { ProtectionBadge } from "../../../core/domain/protection-badge.ts";
import { formatAge } from "../../format/figures.ts";

/** "PROTECTED (pid 4711, 1s)", or what is missing for it. */
export function badgeText({ state, pid, heartbeatAgeMs, reasons }: ProtectionBadge): string {
  const word = state.toUpperCase();
  if (state === "protected" && pid !== undefined) return `${word} (pid ${pid}, ${formatAge(heartbeatAgeMs)})`;
  return reasons.length === 0 ? word : `${word}: ${reasons.join("; ")}`;
}
