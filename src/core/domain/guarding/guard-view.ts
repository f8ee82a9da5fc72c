import type { Balance } from "../balance.ts";
import type { Fill } from "../fill.ts";
import type { ClientOrderId, Timestamp } from "../identifiers.ts";
import type { Instrument } from "../instrument.ts";
import type { Order, OrderDraft } from "../order.ts";
import type { ProtectionEvent } from "../protection-events.ts";
import type { Protection } from "../protection.ts";
import type { TradingState } from "../trading-state.ts";
import type { Observation } from "./observation.ts";
import type { TriggerMemory } from "./trigger-memory.ts";

/** Everything a decision about one protection may look at. */
export interface GuardView {
  readonly protection: Protection;
  /**
   * At least its entry, its linked order, its exits, and every order of its market that may still trade. An order of the
   * protection that is not there counts as unproven.
   */
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  /** At least the fills of its entry order, of its exits, and of what was bought in its market since it fired. */
  readonly fills: readonly Fill[];
  readonly instrument: Instrument;
  /** Of the base asset; undefined while the balances are not known. An asset that is not named holds nothing. */
  readonly base: Balance | undefined;
  readonly tradingState: TradingState;
  readonly memory: TriggerMemory;
  /** The newest of each that is known; what an exit would meet. */
  readonly quote: Observation | undefined;
  readonly now: Timestamp;
}

export type ExitAttempted = Extract<ProtectionEvent, { type: "exit-attempted" }>;

/** What is to be done now. After each one the decision is taken anew, from what has become of it. */
export type GuardAction =
  | { readonly kind: "publish"; readonly events: readonly ProtectionEvent[] }
  /** The linked order, or the rest of an entry, before anything is sold. */
  | { readonly kind: "cancel"; readonly clientOrderId: ClientOrderId }
  /**
   * One sale. `attempted` and the intent belong into one commit, under one new id. When our own rules deny it, nothing is
   * recorded: say so with `exit-blocked` and `noteRefusal`.
   */
  | {
      readonly kind: "exit";
      readonly legId: string;
      readonly draft: OrderDraft;
      readonly attempted: Omit<ExitAttempted, "exitOrderId">;
    }
  /** An order whose end is not proven: nothing else of this protection happens before it is looked up. */
  | { readonly kind: "prove"; readonly clientOrderId: ClientOrderId };
