import type { Asset, Timestamp } from "./identifiers.ts";
import type { Notional, Quantity } from "./money.ts";

/** `futures`: between the spot account and the futures account of the same person. */
export type TransferKind = "deposit" | "withdrawal" | "futures";
export type TransferState = "pending" | "done" | "failed";

/** Money that came to the spot account or left it without a trade, as the exchange lists it. */
export interface Transfer {
  /** The exchange's id of it; unique among those of its kind. */
  readonly transferId: string;
  readonly kind: TransferKind;
  readonly asset: Asset;
  /** Into the spot account; negative out of it, with the exchange's own fee in it. */
  readonly quantity: Quantity;
  readonly state: TransferState;
  /** The moment the exchange gives it: of the beginning, as far as anyone knows. */
  readonly at: Timestamp;
}

/** A transfer as we keep it. */
export interface StoredTransfer extends Transfer {
  /** The last time it was seen to be under way still: whatever it did to the balance came later. */
  readonly pendingUntil: Timestamp | undefined;
  /** What it was worth when it came to light, positive or negative as its quantity; undefined when nobody knew. */
  readonly worth: { readonly value: Notional; readonly quote: Asset } | undefined;
}

/** When it changed the balance, as near as anyone knows. */
export function settledAt(transfer: Pick<StoredTransfer, "at" | "pendingUntil">): Timestamp {
  return Math.max(transfer.at, transfer.pendingUntil ?? 0);
}

/** Joins what is stored with what was seen now. One that has ended stays ended, whoever saw it when. */
export function mergeTransfer(stored: StoredTransfer, seen: StoredTransfer): StoredTransfer {
  const latest = stored.state !== "pending" && seen.state === "pending" ? stored : seen;
  const pendingUntil = Math.max(stored.pendingUntil ?? 0, seen.pendingUntil ?? 0);
  return {
    ...latest,
    pendingUntil: pendingUntil === 0 ? undefined : pendingUntil,
    worth: stored.worth ?? seen.worth,
  };
}
