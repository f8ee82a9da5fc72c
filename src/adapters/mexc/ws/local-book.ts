import type { BookState, LadderView } from "../../../core/domain/book.ts";
import type { DepthsBody } from "./decode-push.ts";
import { createWireLadder } from "./wire-ladder.ts";

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  /** When it was taken; not every answer says so. */
  readonly timestamp?: number | null | undefined;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

export interface LocalBookParts {
  readonly fetchSnapshot: (signal: AbortSignal) => Promise<DepthSnapshot>;
  readonly onChange: (ladder: LadderView, state: BookState, at: number) => void;
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
}

export interface LocalBook {
  /** A push of the incremental stream, in the order of arrival. */
  apply(push: DepthsBody, sentAt: number): void;
  /** What is held cannot be trusted: begin from a fresh snapshot. */
  resync(): void;
  /** The stream stands (again): begin, unless the book is live or being fetched already. */
  ensure(): void;
  /** The stream is gone: what is held grows old. */
  lose(): void;
  close(): void;
  readonly state: BookState;
  readonly ladder: LadderView;
  /** Of the newest change held; 0 before the first. */
  readonly version: number;
  /** When the exchange sent the newest change held; until the first, when the book was begun. */
  readonly at: number;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
/** Pushes kept while the snapshot is on its way; a minute of them at ten a second. */
const LONGEST_BUFFER = 600;

/**
 * Follows a book push by push by the exchange's version rules: snapshot, then only pushes that join on without a gap.
 * A push that does not join on starts over at once; wrong levels are never shown as live.
 */
export function createLocalBook(parts: LocalBookParts): LocalBook {
  const ladder = createWireLadder();
  let state: BookState = "syncing";
  let version = 0;
  let at = parts.now();
  let buffer: { readonly push: DepthsBody; readonly sentAt: number }[] = [];
  let fetching: AbortController | undefined;

  function apply(push: DepthsBody, sentAt: number): void {
    if (state !== "live") {
      if (buffer.length === LONGEST_BUFFER) buffer.shift();
      buffer.push({ push, sentAt });
      return;
    }
    if (push.toVersion <= version) return;
    if (push.fromVersion > version + 1) {
      buffer = [{ push, sentAt }];
      begin();
      return;
    }
    write(push, sentAt);
    tell();
  }

  function write(push: DepthsBody, sentAt: number): void {
    ladder.apply(push.changes);
    version = push.toVersion;
    at = sentAt;
  }

  function tell(): void {
    parts.onChange(ladder, state, at);
  }

  function begin(): void {
    fetching?.abort();
    fetching = new AbortController();
    state = "syncing";
    tell();
    void synchronize(fetching.signal);
  }

  async function synchronize(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      let whole = false;
      try {
        const snapshot = await parts.fetchSnapshot(signal);
        if (signal.aborted) return;
        whole = take(snapshot);
      } catch {
        // No snapshot, or one that cannot be read: the book stays "syncing", and it is asked for again.
      }
      if (whole) {
        state = "live";
        tell();
        return;
      }
      try {
        await parts.sleep(waitMs, signal);
      } catch {
        return;
      }
    }
  }

  /** @returns false when the snapshot is older than the first push that was kept, so that a newer one is needed. */
  function take(snapshot: DepthSnapshot): boolean {
    const joining = buffer.filter(({ push }) => push.toVersion > snapshot.lastUpdateId);
    const [first] = joining;
    if (first !== undefined && first.push.fromVersion > snapshot.lastUpdateId + 1) return false;
    ladder.clear();
    ladder.fill("buy", snapshot.bids);
    ladder.fill("sell", snapshot.asks);
    version = snapshot.lastUpdateId;
    at = snapshot.timestamp ?? parts.now();
    buffer = [];
    for (const { push, sentAt } of joining) {
      if (push.toVersion <= version) continue;
      if (push.fromVersion > version + 1) return false;
      write(push, sentAt);
    }
    return true;
  }

  function resync(): void {
    buffer = [];
    begin();
  }

  return {
    apply,
    resync,
    ensure() {
      const isUnderWay = fetching !== undefined && !fetching.signal.aborted;
      if (state === "stale" || !isUnderWay) resync();
    },
    lose() {
      fetching?.abort();
      buffer = [];
      // A book that never was live has nothing that could grow old.
      if (state === "stale" || version === 0) return;
      state = "stale";
      tell();
    },
    close() {
      fetching?.abort();
    },
    ladder,
    get version() {
      return version;
    },
    get state() {
      return state;
    },
    get at() {
      return at;
    },
  };
}
