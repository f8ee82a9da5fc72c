import type { App } from "../../../app/app.ts";
import type { PositionReport } from "../../../app/portfolio-books.ts";
import { AppError } from "../../../core/domain/errors.ts";
import type { GuardConcern, GuardStatus } from "../../../core/domain/guard-status.ts";

/** What is held, how it is guarded, and what goes on only with a person's word. */
export interface Standing {
  /** Of every market in which something is held. */
  readonly positions: readonly PositionReport[];
  readonly concerns: readonly GuardConcern[];
  /** Undefined until it has been read. */
  readonly guard: Pick<GuardStatus, "lease" | "isAlive"> | undefined;
  /** Why it could not be read; what is shown then is from before. */
  readonly unread: string | undefined;
}

const NOTHING: Standing = { positions: [], concerns: [], guard: undefined, unread: undefined };
const LIFE_MS = 1_000;

/**
 * Reads the standing when the account has changed, or a second has passed: it comes out of the store, and a frame is too
 * short to ask there. A store that cannot be read leaves the last standing, with the reason.
 */
export function createStanding(app: App): () => Standing {
  let last = NOTHING;
  let of: unknown;
  let readAt = Number.NEGATIVE_INFINITY;

  return () => {
    if (app.accountId === undefined) return NOTHING;
    const { trading } = app.store.getState();
    const now = app.now();
    if (of === trading && Math.abs(now - readAt) < LIFE_MS) return last;
    of = trading;
    readAt = now;
    try {
      const positions = app.portfolio
        .positions(app.portfolio.usualMethod)
        .filter(({ position }) => position.quantity > 0n);
      const { concerns, lease, isAlive } = app.guarding.status();
      last = { positions, concerns, guard: { lease, isAlive }, unread: undefined };
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      last = { ...last, unread: cause.message };
    }
    return last;
  };
}
