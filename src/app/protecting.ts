import type { ArmingPlan } from "../core/domain/arming/plan-protection.ts";
import type { WantedProtection } from "../core/domain/arming/wanted-protection.ts";
import type { MarketSymbol } from "../core/domain/identifiers.ts";
import type { Protection } from "../core/domain/protection.ts";
import type { ArmProtectionResult } from "../core/use-cases/arm-protection.ts";
import type { DisarmProtectionResult } from "../core/use-cases/disarm-protection.ts";

/** Arms protections and takes them away. Each throws AppError KEYS_MISSING without an account. */
export interface Protecting {
  /** What a protection would be at this moment, or every objection to it; arms nothing. */
  plan(wanted: WantedProtection, signal: AbortSignal): Promise<ArmingPlan>;
  /** @throws AppError STORAGE_FAILED when it could not be written; then nothing is armed. */
  arm(wanted: WantedProtection, signal: AbortSignal): Promise<ArmProtectionResult>;
  /** @throws AppError STORAGE_FAILED, or PROTECTION_CHANGED when a guardian changed it at that moment. */
  disarm(protectionId: string, why: string): DisarmProtectionResult;
  /** The armed ones, oldest first. */
  list(symbol?: MarketSymbol): readonly Protection[];
}
