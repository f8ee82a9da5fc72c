import { add, formatMoney, parseQuantity, quantity, ZERO_QUANTITY } from "../../src/core/domain/money.ts";
import type { Ledger } from "../e2e/program.ts";

/** A protection as it is stored, as far as its sales are held against the exchange's ledger. */
export interface HeldProtection {
  readonly protectionId: string;
  readonly state: "armed" | "ended";
  /** Base it covers. */
  readonly covered: string;
  readonly legs: readonly {
    readonly legId: string;
    readonly state: string;
    /** Client ids of the exits it decided on. */
    readonly exits: readonly string[];
  }[];
}

/** What a protection has sold by the exchange's word. */
export function soldBy({ orders }: Ledger, { legs }: HeldProtection): string {
  const exits = new Set(legs.flatMap((leg) => leg.exits));
  const sold = orders
    .filter(({ clientOrderId }) => exits.has(clientOrderId))
    .reduce((sum, { executedQuantity }) => add(sum, parseQuantity(executedQuantity) ?? ZERO_QUANTITY), ZERO_QUANTITY);
  return formatMoney(sold);
}

/** Where more was sold than a protection covers, or something that nobody decided to sell. In words; empty when nothing is wrong. */
export function exitDifferences(ledger: Ledger, protections: readonly HeldProtection[]): readonly string[] {
  const found: string[] = [];
  const decided = new Set(protections.flatMap(({ legs }) => legs.flatMap(({ exits }) => exits)));
  for (const protection of protections) {
    const sold = soldBy(ledger, protection);
    if (quantity(sold) > quantity(protection.covered))
      found.push(`sold twice: ${protection.protectionId} covers ${protection.covered} and sold ${sold}`);
  }
  for (const { clientOrderId, side } of ledger.orders)
    if (side === "SELL" && !decided.has(clientOrderId)) found.push(`sold by nobody: ${clientOrderId}`);
  return found;
}
