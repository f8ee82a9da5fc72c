import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { DomainEvent } from "../../core/domain/events.ts";
import type { OrderDraft } from "../../core/domain/order.ts";
import type { HeldState } from "../../core/domain/trading-state.ts";
import { mayFollow } from "../../core/domain/trading-state.ts";
import type { LeaseFence, StoreMark } from "../../core/ports/journal.ts";
import type { AccountParts } from "./account-parts.ts";
import { reading } from "./storage-error.ts";

/** What a commit looks at once more inside its transaction, because another process may have changed it since. */
export interface CommitChecks {
  /** @throws AppError TRADING_HALTED or TRADING_REDUCING when the stored state forbids the order. */
  mayLeave(draft: OrderDraft): void;
  /** @throws AppError TRADING_STATE_STANDS when a stricter state, or the same one, already stands. */
  mayChangeState(change: Extract<DomainEvent, { type: "trading-state-changed" }>): void;
  /** @throws AppError LEASE_LOST unless the lease still bears this token. */
  mayAct(fence: LeaseFence): void;
  /** See `Journal.mark`. */
  mark(): StoreMark;
  /** @throws AppError CHANGED_MEANWHILE when another process has written anything since. */
  stillStands(basis: StoreMark): void;
}

/** Past the query builder: it is asked before every order, and what it costs is time in which the order has not left. */
export function createCommitChecks({ client, accountId }: Pick<AccountParts, "client" | "accountId">): CommitChecks {
  const state = client.prepare<[string], Pick<HeldState, "kind"> & { readonly reason: string }>(
    "SELECT kind, reason FROM trading_states WHERE key = ?",
  );
  const token = client.prepare<[string], number>("SELECT token FROM guard_lease WHERE account_id = ?").pluck();
  // Counts the commits of all other connections; inside our transaction nobody else can commit.
  const version = client.prepare<[], number>("PRAGMA data_version").pluck();
  const mark = () => reading("The version of the database", () => version.get() ?? 0);
  return {
    mark,
    stillStands(basis) {
      if (mark() !== basis) throw changedMeanwhile();
    },
    mayLeave(draft) {
      const held = state.get(accountId);
      if (held?.kind === "halted") throw forbidden("TRADING_HALTED", held.kind, held.reason);
      if (held?.kind === "reducing" && draft.side === "buy") {
        throw forbidden("TRADING_REDUCING", held.kind, held.reason);
      }
    },
    mayChangeState({ state: next, by }) {
      const held = state.get(accountId);
      if (!mayFollow(held?.kind ?? "active", next.kind, by)) throw stands(held?.kind ?? "active", held?.reason ?? "");
    },
    mayAct(fence) {
      if (token.get(accountId) !== fence.token) throw leaseLost();
    },
  };
}

function forbidden(code: string, kind: HeldState["kind"], reason: string): AppError {
  return new AppError({
    code,
    message: `Trading is ${kind}: ${reason}.`,
    notDone: "No order was sent.",
    hint: "Mend the cause, then `tapedeck trading resume REASON`.",
    exitCode: EXIT_CODES.denied,
  });
}

function stands(kind: HeldState["kind"], reason: string): AppError {
  return new AppError({
    code: "TRADING_STATE_STANDS",
    message: `Trading is ${kind} already: ${reason}.`,
    notDone: "The trading state was left as it is.",
    exitCode: EXIT_CODES.denied,
  });
}

function changedMeanwhile(): AppError {
  return new AppError({
    code: "CHANGED_MEANWHILE",
    message: "Other processes of this account wrote while the order was weighed, each time it was weighed anew.",
    notDone: "No order was sent.",
    hint: "Try again.",
    exitCode: EXIT_CODES.failure,
  });
}

export function leaseLost(): AppError {
  return new AppError({
    code: "LEASE_LOST",
    message: "Another process guards this account now.",
    notDone: "Nothing was written and nothing was sent by this one.",
    hint: "See who guards with `tapedeck guard status`.",
    exitCode: EXIT_CODES.denied,
  });
}
