import type { Clock } from "../../../core/ports/clock.ts";

/** Made once: a signal that is aborted without a reason makes one, with its stack, each time. */
const CANCELLED = new Error("the wait was cancelled");

/** Calls back once after the wait. @returns what cancels it. */
export function after(clock: Clock, waitMs: number, run: () => void): () => void {
  const control = new AbortController();
  void clock.sleep(waitMs, control.signal).then(
    () => {
      if (!control.signal.aborted) run();
    },
    () => undefined,
  );
  return () => {
    control.abort(CANCELLED);
  };
}

/** Calls back again and again, one wait after the other. @returns what ends it. */
export function every(clock: Clock, waitMs: number, run: () => void): () => void {
  let cancel = after(clock, waitMs, next);
  let ended = false;
  function next(): void {
    run();
    if (!ended) cancel = after(clock, waitMs, next);
  }
  return () => {
    ended = true;
    cancel();
  };
}
