import type { Strikes } from "../control/fault-queue.ts";
import { FaultQueue } from "../control/fault-queue.ts";

export const PUSH_FAULT_KINDS = ["drop-push", "duplicate-push", "reorder-push", "delay-push", "poison-push"] as const;
type PushFaultKind = (typeof PUSH_FAULT_KINDS)[number] | "close-socket";

/** Which pushes something is meant for: those of channels with this in their name, and of this market. */
export interface PushTarget {
  readonly channel: string;
  readonly symbol?: string | undefined;
}

export interface PushFault extends PushTarget, Strikes {
  readonly kind: PushFaultKind;
  /** Of a push that is held back, in ms. */
  readonly delayMs: number;
}

interface Push {
  readonly channel: string;
  readonly symbol: string | undefined;
}

/** What happens to a frame: these are sent now, in order, and the others later. */
export interface Fate {
  readonly now: readonly Uint8Array[];
  /** Instead of being sent, it costs those who were to hear it their connection. */
  readonly hangsUp?: true;
  readonly later?: { readonly frame: Uint8Array; readonly afterMs: number };
  /** The frame waits until the next one of its kind has gone, and no longer than this. */
  readonly afterNext?: { readonly frame: Uint8Array; readonly atMostMs: number };
}

/** A push that is to come after the next one does not wait for ever for it. */
const MOST_REORDER_MS = 1_000;

/** Faults of pushes, and stretches in which some channels are silent. */
export class PushFaults {
  readonly #queue = new FaultQueue<PushFault>();
  #stalls: { readonly target: PushTarget; readonly until: number }[] = [];

  add(fault: PushFault): void {
    this.#queue.add(fault);
  }

  /** These channels say nothing until then; what happened meanwhile comes after. */
  stall(target: PushTarget, until: number): void {
    this.#stalls.push({ target, until });
  }

  clear(): void {
    this.#queue.clear();
    this.#stalls = [];
  }

  isSilent(push: Push, now: number): boolean {
    if (this.#stalls.length === 0) return false;
    this.#stalls = this.#stalls.filter(({ until }) => until > now);
    return this.#stalls.some(({ target }) => isMeant(target, push));
  }

  fateOf(push: Push, frame: Uint8Array): Fate {
    const hit = this.#queue.isEmpty ? undefined : this.#queue.take((fault) => isMeant(fault, push));
    if (hit === undefined) return { now: [frame] };
    const { fault, dice } = hit;
    switch (fault.kind) {
      case "drop-push":
        return { now: [] };
      case "duplicate-push":
        return { now: [frame, frame] };
      case "reorder-push":
        return { now: [], afterNext: { frame, atMostMs: MOST_REORDER_MS } };
      case "delay-push":
        return { now: [], later: { frame, afterMs: fault.delayMs } };
      case "close-socket":
        return { now: [], hangsUp: true };
      case "poison-push":
        // The body is the last field, so a frame that ends early promises more bytes than it has.
        return { now: [frame.subarray(0, frame.length - 1 - dice.integer(Math.floor(frame.length / 2)))] };
    }
  }
}

function isMeant(target: PushTarget, push: Push): boolean {
  return push.channel.includes(target.channel) && (target.symbol === undefined || target.symbol === push.symbol);
}
