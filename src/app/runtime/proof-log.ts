import type { DifferenceKind } from "../../core/domain/difference.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { ClientOrderId } from "../../core/domain/identifiers.ts";
import { clientOrderId } from "../../core/domain/identifiers.ts";
import { isUnproven } from "../../core/domain/order.ts";
import type { ProofLook, SeenLook } from "../../core/domain/proof-look.ts";
import { newestLook } from "../../core/domain/proof-look.ts";
import type { TradingLedger } from "../../core/domain/trading-ledger.ts";
import type { LookBoard } from "../../core/ports/look-board.ts";

/** Keeps when this process asked for each unproven order, tells the others, and hears of theirs. */
export interface ProofLog {
  note(id: ClientOrderId, look: ProofLook): void;
  /** A reconcile asks for what it finds unproven, and says of each how that ended. */
  noteEvents(events: readonly DomainEvent[]): void;
  /** What is known of the questions for an order; undefined when no process that lives has asked. */
  of(id: ClientOrderId): SeenLook | undefined;
  /** The same as far as this process knows, without a look at the disk: for what is drawn many times a second. */
  own(id: ClientOrderId): SeenLook | undefined;
  /** Nobody here asks any more. */
  close(): void;
}

export interface ProofLogParts {
  readonly ledger: () => TradingLedger;
  readonly now: () => number;
  /** Absent where there is one process only. */
  readonly board: LookBoard | undefined;
  readonly schedule: (run: () => void, waitMs: number) => () => void;
}

/** Differences that are settled by asking for the order. */
const ASKED: ReadonlySet<DifferenceKind> = new Set(["outcome-unknown", "order-vanished", "order-missing-there"]);
/** A storm of unknown orders must not become one of files. */
const TELL_EVERY_MS = 500;

export function createProofLog({ ledger, now, board, schedule }: ProofLogParts): ProofLog {
  const looks = new Map<ClientOrderId, ProofLook>();
  let cancelTelling: (() => void) | undefined;

  function forgetProven(): void {
    for (const id of looks.keys()) {
      const order = ledger().orders.get(id);
      if (order === undefined || !isUnproven(order)) looks.delete(id);
    }
  }

  function tellSoon(): void {
    if (board === undefined) return;
    cancelTelling ??= schedule(() => {
      cancelTelling = undefined;
      forgetProven();
      board.show(looks);
    }, TELL_EVERY_MS);
  }

  function ownLooks(id: ClientOrderId): readonly SeenLook[] {
    const look = looks.get(id);
    return look === undefined ? [] : [{ ...look, pid: undefined }];
  }

  function note(id: ClientOrderId, look: ProofLook): void {
    looks.set(id, look);
    tellSoon();
  }

  return {
    note,
    noteEvents(events) {
      for (const event of events) {
        if (event.type !== "difference-settled" || !ASKED.has(event.difference.kind)) continue;
        const id = clientOrderId(event.difference.subject);
        const order = ledger().orders.get(id);
        // What was announced stays announced: the reconcile does not hold it up.
        if (order !== undefined && isUnproven(order))
          note(id, { askedAt: now(), isAnswered: true, againAt: looks.get(id)?.againAt });
      }
    },
    of(id) {
      const theirs = (board?.others() ?? []).flatMap((other) => {
        const its = other.looks.get(id);
        return its === undefined ? [] : [{ ...its, pid: other.pid }];
      });
      return newestLook([...ownLooks(id), ...theirs], now());
    },
    own: (id) => newestLook(ownLooks(id), now()),
    close() {
      cancelTelling?.();
      board?.clear();
    },
  };
}
