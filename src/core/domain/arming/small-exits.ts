import { ONE } from "../asked-order.ts";
import { levelOf } from "../guarding/trigger-level.ts";
import type { Instrument } from "../instrument.ts";
import { quantizeQuantity } from "../instrument.ts";
import type { Price, Quantity } from "../money.ts";
import { formatMoney, quantityFor, scale, subtract } from "../money.ts";
import type { OrderSize } from "../order.ts";
import type { ExitStyle, ProtectionLeg } from "../protection.ts";
import type { Denial } from "../risk-request.ts";
import { tooSmall } from "../sale-size.ts";

/** What would sell, how much in all, and how. */
export interface PlannedExits {
  readonly legs: readonly Pick<ProtectionLeg, "legId" | "rule" | "highest">[];
  readonly quantity: Quantity;
  readonly exit: ExitStyle;
}

/**
 * Legs whose sale the exchange would refuse at their own level. The size may do at the present price: a stop sells lower,
 * and one that cannot sell protects nothing, which must not be found out when it fires.
 */
export function smallExits({ legs, quantity, exit }: PlannedExits, instrument: Instrument): readonly Denial[] {
  if (quantity === 0n) return [];
  const isMarket = exit.kind === "market" && instrument.orderTypes.includes("market");
  const { base, quote } = instrument;
  return legs.flatMap(({ legId, ...leg }) => {
    const level = levelOf(leg)?.price ?? activationOf(leg);
    if (level === undefined || leg.rule.kind === "break-even") return [];
    const share = leg.rule.kind === "take-profit" ? leg.rule.share : ONE;
    const sold = quantizeQuantity(instrument, scale(quantity, share, "down"));
    const expectedPrice = exit.kind === "limit" ? scale(level, subtract(ONE, exit.offset), "down") : level;
    const why = tooSmall(instrument, sold, { type: isMarket ? "market" : "immediate-or-cancel", expectedPrice });
    if (why === undefined) return [];
    const sale = `${legId} would sell ${formatMoney(sold)} ${base} at ${formatMoney(level)} ${quote}, ${why}`;
    if (leg.rule.kind !== "take-profit") return [small("STOP_TOO_SMALL", `${sale}: it could not sell.`, STOP_HINT)];
    return [small("TARGET_TOO_SMALL", `${sale}: it would sell nothing.`, "Give it a greater share, or cover more.")];
  });
}

const STOP_HINT = "Set it higher, or cover more with --quantity.";

function activationOf({ rule }: Pick<ProtectionLeg, "rule">): Price | undefined {
  return rule.kind === "trailing-stop" ? rule.activationPrice : undefined;
}

function small(code: string, message: string, hint: string): Denial {
  return { code, message, hint };
}

/** How much base an order of this size is, at a price; undefined where its size is in quote and no price is known. */
export function baseOf(size: OrderSize, price: Price | undefined): Quantity | undefined {
  if (size.kind === "base") return size.quantity;
  return price === undefined || price === 0n ? undefined : quantityFor(size.notional, price, "down");
}
