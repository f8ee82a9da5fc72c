import type { ArmingPlan } from "../../../core/domain/arming/plan-protection.ts";
import type { WantedProtection } from "../../../core/domain/arming/wanted-protection.ts";
import type { AskedPrice } from "../../../core/domain/asked-order.ts";
import type { ClosePlan, WantedClose } from "../../../core/domain/closing/plan-close.ts";
import type { ClientOrderId } from "../../../core/domain/identifiers.ts";
import type { Price } from "../../../core/domain/money.ts";
import type { Order } from "../../../core/domain/order.ts";
import type { Protection } from "../../../core/domain/protection.ts";

/** Something other than an order ticket that a trader asks for, and that is shown before it is done. */
export type WantedDeed =
  | { readonly kind: "protect"; readonly wanted: WantedProtection }
  /** Of a market, or one by its id. */
  | { readonly kind: "unprotect"; readonly of: string }
  | { readonly kind: "close"; readonly wanted: WantedClose }
  | { readonly kind: "adopt"; readonly clientOrderId: ClientOrderId };

/** With everything that was looked up: what is shown, and what `y` does. */
export type Deed =
  | {
      readonly kind: "protect";
      /** Its levels are the ones that are shown: the price moves on while somebody reads. */
      readonly wanted: WantedProtection;
      readonly plan: Extract<ArmingPlan, { readonly kind: "planned" }>;
    }
  | { readonly kind: "unprotect"; readonly protections: readonly Protection[] }
  | { readonly kind: "close"; readonly plan: ClosePlan }
  | { readonly kind: "adopt"; readonly order: Order };

export type DeedStage =
  | { readonly kind: "looking" }
  | { readonly kind: "objected"; readonly why: string }
  | { readonly kind: "ready"; readonly deed: Deed };

export interface ProposedDeed {
  readonly wanted: WantedDeed;
  readonly stage: DeedStage;
}

/** The same wish with the levels that a plan has found for it. */
export function withPlannedLevels(wanted: WantedProtection, { legs }: Protection): WantedProtection {
  const at = (price: Price): AskedPrice => ({ kind: "fixed", price });
  const takeProfits = legs.flatMap(({ rule }) =>
    rule.kind === "take-profit" ? [{ level: at(rule.triggerPrice), share: rule.share }] : [],
  );
  return legs.reduce<WantedProtection>(
    (frozen, { rule }) => {
      if (rule.kind === "stop-loss") return { ...frozen, exits: { ...frozen.exits, stopLoss: at(rule.triggerPrice) } };
      if (rule.kind === "break-even") return { ...frozen, breakEven: at(rule.triggerPrice) };
      if (rule.kind !== "trailing-stop" || rule.activationPrice === undefined) return frozen;
      return { ...frozen, trail: { distance: rule.distance, activation: at(rule.activationPrice) } };
    },
    { ...wanted, exits: { ...wanted.exits, takeProfits } },
  );
}
