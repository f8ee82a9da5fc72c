import type { ClientOrderId } from "./identifiers.ts";
import type { Protection, ProtectionLeg } from "./protection.ts";

/** What an order is to a protection: what it protects, what sells beside it, what closed it, or an exit of one of its legs. */
export type OrderPart =
  | { readonly kind: "entry" | "linked" | "close"; readonly protection: Protection }
  | { readonly kind: "exit"; readonly protection: Protection; readonly leg: ProtectionLeg };

/** @returns undefined for an order that no protection knows. */
export function partOf(clientOrderId: ClientOrderId, protections: Iterable<Protection>): OrderPart | undefined {
  for (const protection of protections) {
    const { coverage, linkedOrderId, legs, closes = [] } = protection;
    if (coverage.kind === "entry" && coverage.clientOrderId === clientOrderId) return { kind: "entry", protection };
    if (linkedOrderId === clientOrderId) return { kind: "linked", protection };
    if (closes.some(({ closeOrderId }) => closeOrderId === clientOrderId)) return { kind: "close", protection };
    const leg = legs.find(({ attempts }) => attempts.some((attempt) => attempt.exitOrderId === clientOrderId));
    if (leg !== undefined) return { kind: "exit", protection, leg };
  }
  return undefined;
}
