import type { AccountStorage } from "../../../src/app/app-parts.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import type { HeldState } from "../../../src/core/domain/trading-state.ts";

/** Between a halt and its end no process has intended an order, and while only reducing none has intended a purchase. */
export function haltedIsSilent({ journal }: AccountStorage): readonly string[] {
  const found: string[] = [];
  let state: HeldState = ACTIVE;
  for (const { event, sequence } of journal.latest(1_000_000).toReversed()) {
    if (event.type === "trading-state-changed") state = event.state;
    if (event.type !== "order-intended") continue;
    const { clientOrderId, draft } = event.intent;
    if (state.kind === "halted" || (state.kind === "reducing" && draft.side === "buy")) {
      found.push(`${clientOrderId} was intended (${String(sequence)}) although trading was ${state.kind}`);
    }
  }
  return found;
}
