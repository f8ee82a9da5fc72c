import type { ClientOrderId, Timestamp } from "./identifiers.ts";

/** When a process last asked what became of an order, and when it will again. Told by whoever asks, never reckoned. */
export interface ProofLook {
  readonly askedAt: Timestamp;
  /** Whether the exchange answered; an answer need not have proven anything. */
  readonly isAnswered: boolean;
  /** Undefined where the process that asked does not go on by itself. */
  readonly againAt: Timestamp | undefined;
}

export type ProofLooks = ReadonlyMap<ClientOrderId, ProofLook>;

/** A look with the process that took it; `pid` undefined for this one. */
export interface SeenLook extends ProofLook {
  readonly pid: number | undefined;
}

/** A question may be under way for this long before whoever announced it is taken to have stopped, ms. */
const OVERDUE_MS = 30_000;

/**
 * What is known of the questions for one order: the newest one of all, with the next that any process has announced. One
 * that is long overdue was announced by a process that does not ask any more.
 */
export function newestLook(looks: readonly SeenLook[], now: Timestamp): SeenLook | undefined {
  const newest = looks.toSorted((left, right) => right.askedAt - left.askedAt)[0];
  if (newest === undefined) return undefined;
  const next = looks
    .filter(({ againAt }) => againAt !== undefined && againAt > now - OVERDUE_MS)
    .toSorted((left, right) => (left.againAt ?? 0) - (right.againAt ?? 0))[0];
  return { ...newest, againAt: next?.againAt, pid: next?.pid ?? newest.pid };
}
