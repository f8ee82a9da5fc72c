import type { ArchiveHole } from "./archive.ts";
import type { Approved } from "./approved.ts";
import type { Balance } from "./balance.ts";
import type { Difference, SettledDifference } from "./difference.ts";
import type { AssetChange } from "./explain-balances.ts";
import type { Fill } from "./fill.ts";
import type { AccountId, ClientOrderId, OrderId, Timestamp } from "./identifiers.ts";
import type { Mode } from "./mode.ts";
import type { OrderDraft, OrderReason, OrderReport } from "./order.ts";
import type { ProtectionEvent } from "./protection-events.ts";
import type { HeldState, TripEvidence } from "./trading-state.ts";

/** Approved, with an id, on its way to disk. Nothing is sent that has no intent. */
export interface OrderIntent {
  readonly clientOrderId: ClientOrderId;
  readonly draft: Approved<OrderDraft>;
  readonly at: Timestamp;
}

/** How a report or a fill came to us; kept for the journal, never used to decide. */
export type EvidenceSource = "stream" | "query" | "reconcile";

/** What the exchange answered when an order was written off: each of its sources, and how far back it was asked. */
export interface WriteOffEvidence {
  readonly askedAt: Timestamp;
  readonly byId: "not-found";
  /** Orders of the market that were open then; it was none of them. */
  readonly openOrders: number;
  readonly ordersSince: Timestamp;
  readonly ordersListed: number;
  readonly fillsSince: Timestamp;
  readonly fillsListed: number;
}

/** Everything that can happen to one of our orders. */
export type OrderEvent =
  | { readonly type: "order-intended"; readonly intent: OrderIntent }
  /** The request failed before its first byte was written. */
  | { readonly type: "order-not-sent"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  | { readonly type: "order-accepted"; readonly clientOrderId: ClientOrderId; readonly orderId: OrderId }
  | { readonly type: "order-rejected"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  /** Sent, and the answer proves nothing: a time-out, a 5xx, a reset, an unreadable body. */
  | { readonly type: "order-outcome-unknown"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  /** The exchange answered that it knows no such order, while it can still take it: no proof, but no silence either. */
  | { readonly type: "order-not-seen"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  /** Two sources, after the request's receive window, know of no such order. */
  | { readonly type: "order-absent"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  /** The exchange acknowledged it once and now shows it nowhere. Nothing is proven; a person has to look. */
  | { readonly type: "order-vanished"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  | {
      readonly type: "order-reported";
      /** The key we hold it under; for a foreign order a key derived from the exchange's id. */
      readonly clientOrderId: ClientOrderId;
      readonly report: OrderReport;
      readonly source: EvidenceSource;
    }
  /** A person ended an order whose outcome nothing can prove any more. Proves nothing; a later truth still wins. */
  | {
      readonly type: "order-written-off";
      readonly clientOrderId: ClientOrderId;
      /** The person's own words. */
      readonly reason: OrderReason;
      readonly evidence: WriteOffEvidence;
    }
  /** A person put an order that was placed elsewhere into our care. */
  | { readonly type: "order-adopted"; readonly clientOrderId: ClientOrderId }
  | { readonly type: "cancel-intended"; readonly clientOrderId: ClientOrderId }
  | { readonly type: "cancel-accepted"; readonly clientOrderId: ClientOrderId }
  | { readonly type: "cancel-rejected"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason }
  | { readonly type: "cancel-outcome-unknown"; readonly clientOrderId: ClientOrderId; readonly reason: OrderReason };

/** Whatever changes what we know or may do. Published through one sink: stamped, journaled, then reduced. */
export type DomainEvent =
  | OrderEvent
  | ProtectionEvent
  | {
      readonly type: "fill-recorded";
      readonly clientOrderId: ClientOrderId;
      readonly fill: Fill;
      readonly source: EvidenceSource;
    }
  | { readonly type: "balance-reported"; readonly balance: Balance; readonly source: EvidenceSource }
  /** Every balance there is; assets it does not name are empty. */
  | { readonly type: "balances-replaced"; readonly balances: readonly Balance[] }
  | {
      readonly type: "trading-state-changed";
      readonly state: HeldState;
      /** `person` typed a reason; otherwise the name of the trip. */
      readonly by: string;
      readonly evidence: readonly TripEvidence[];
    }
  /** Our record and the exchange's say different things. */
  | { readonly type: "difference-found"; readonly difference: Difference }
  | { readonly type: "difference-settled"; readonly difference: SettledDifference }
  /** Nobody asked in time: what happened then is no longer listed. */
  | { readonly type: "archive-hole-found"; readonly hole: ArchiveHole }
  /** The balances were held against fills, fees and transfers, from the last time they were accounted for. */
  | {
      readonly type: "balances-explained";
      readonly since: Timestamp;
      readonly until: Timestamp;
      readonly changes: readonly AssetChange[];
      /** The next proof begins at `until`: all is accounted for, or a person has taken over what is not. */
      readonly isAccounted: boolean;
    }
  | {
      readonly type: "reconcile-finished";
      readonly ordersChecked: number;
      readonly fillsAdded: number;
      /** Orders whose outcome is still not proven. */
      readonly unresolved: number;
    }
  | { readonly type: "session-started"; readonly mode: Mode; readonly accountId: AccountId; readonly version: string }
  | { readonly type: "session-ended" }
  /** Something that should not have been possible; kept for a person, never thrown. */
  | { readonly type: "anomaly-seen"; readonly what: string; readonly clientOrderId?: ClientOrderId };

export type DomainEventType = DomainEvent["type"];

/** An event with its place in the journal. */
export interface StampedEvent {
  /** Counts up by one within the journal of this device. */
  readonly sequence: number;
  readonly at: Timestamp;
  readonly event: DomainEvent;
}
