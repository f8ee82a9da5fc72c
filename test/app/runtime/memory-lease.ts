import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import type { Guard, LeaseRecord } from "../../../src/core/domain/guard-lease.ts";
import { isLeaseFresh } from "../../../src/core/domain/guard-lease.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { GuardLease } from "../../../src/core/ports/guard-lease.ts";

/** What several guards of one test hold on to. */
export interface LeaseShelf {
  record?: LeaseRecord;
}

export interface MemoryLeaseParts {
  readonly clock: Pick<Clock, "now">;
  readonly shelf?: LeaseShelf;
  readonly guard?: Guard & { readonly isProcessAlive: (pid: number) => boolean };
}

const LONE_GUARD = { holder: "run-1", pid: 1, host: "here", isProcessAlive: () => true };

export function createMemoryLease({ clock, shelf = {}, guard = LONE_GUARD }: MemoryLeaseParts): GuardLease {
  const { holder, pid, host } = guard;
  const isAlive = (lease: LeaseRecord) =>
    isLeaseFresh(lease, clock.now()) && (lease.host !== host || guard.isProcessAlive(lease.pid));
  const isOurs = (token: number) => shelf.record?.token === token && shelf.record.holder === holder;
  return {
    claim() {
      const before = shelf.record;
      if (before?.holder === holder && !before.released) return { kind: "held", token: before.token, before };
      if (before !== undefined && isAlive(before)) return { kind: "taken", by: before };
      const [now, token, markets] = [clock.now(), (before?.token ?? 0) + 1, before?.markets ?? {}];
      shelf.record = { holder, pid, host, token, acquiredAt: now, heartbeatAt: now, released: false, markets };
      return { kind: "held", token, before };
    },
    beat(token, markets) {
      if (shelf.record === undefined || !isOurs(token)) {
        throw new AppError({ code: "LEASE_LOST", message: "another guards", exitCode: EXIT_CODES.denied });
      }
      shelf.record = { ...shelf.record, heartbeatAt: clock.now(), released: false, markets };
    },
    release(token, markets) {
      if (shelf.record !== undefined && isOurs(token)) shelf.record = { ...shelf.record, released: true, markets };
    },
    elsewhere: () => undefined,
    read: () => shelf.record,
    isAlive,
  };
}
