import type { Order } from "../domain/order.ts";
import { isWorking } from "../domain/order.ts";
import type { Protection } from "../domain/protection.ts";
import type { TradingContext } from "./trading-context.ts";

export type DisarmProtectionResult =
  | { readonly kind: "not-found" }
  | { readonly kind: "ended"; readonly protection: Protection }
  | {
      readonly kind: "disarmed";
      readonly protection: Protection;
      /** Exits of it that may still sell: they stand at the exchange and are not taken back. */
      readonly openExits: readonly Order[];
    };

/**
 * Takes a protection away: nothing of it sells any more. What it has sent already stands.
 * @throws AppError STORAGE_FAILED, or PROTECTION_CHANGED when a guardian changed it at that moment; then it is armed still.
 */
export function disarmProtection(context: TradingContext, protectionId: string, why: string): DisarmProtectionResult {
  const held = context.ledger().protections.get(protectionId);
  if (held === undefined) return { kind: "not-found" };
  if (held.state === "ended") return { kind: "ended", protection: held };
  context.publish([{ type: "protection-disarmed", protectionId, why }]);
  const protection = context.ledger().protections.get(protectionId) ?? held;
  const openExits = held.legs
    .flatMap((leg) => leg.attempts)
    .flatMap(({ exitOrderId }) => context.recall(exitOrderId) ?? [])
    .filter(isWorking);
  return { kind: "disarmed", protection, openExits };
}
