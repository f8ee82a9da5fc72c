import type { Money, Ratio } from "../../core/domain/money.ts";
import { formatMoney, ratio, scale } from "../../core/domain/money.ts";

/** The exact decimal text, or null for what is not known. */
export function amountOrNull(value: Money | undefined): string | null {
  return value === undefined ? null : formatMoney(value);
}

/** "+2.35%", a change, for people. */
export function percent(value: Ratio | undefined): string | undefined {
  return value === undefined ? undefined : `${value > 0n ? "+" : ""}${rate(value, 2)}`;
}

/** "0.05%", with as many decimals as it takes unless told. */
export function rate(value: Ratio, decimals?: number): string {
  return `${formatMoney(scale(value, ratio("100"), "half-even"), decimals)}%`;
}
