import type { App } from "../../app/app.ts";
import type { AppState } from "../../app/store/create-store.ts";

/** A step of the story did not happen in its time. */
export class StoryFault extends Error {
  override readonly name = "StoryFault";
}

/** Bounds every step, and the whole. */
export interface StoryClock {
  elapsedMs(): number;
  /** Aborts when the whole takes too long, or when the person ends it. */
  readonly signal: AbortSignal;
  /** Resolves with the first answer that is not undefined. @throws StoryFault naming what did not happen. */
  until<T>(what: string, read: (state: AppState) => T | undefined): Promise<T>;
  /** Bounds work that has no bound of its own. @throws StoryFault. */
  within<T>(what: string, work: Promise<T>): Promise<T>;
}

const STEP_MS = 8_000;
const WHOLE_MS = 27_000;

export function createStoryClock(
  app: Pick<App, "store">,
  now: () => number,
  interrupt: AbortSignal,
  stepMs = STEP_MS,
): StoryClock {
  const startedAt = now();
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(WHOLE_MS)]);

  function bounded<T>(
    what: string,
    begin: (resolve: (value: T) => void, reject: (cause: unknown) => void) => () => void,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const end = begin(resolve, reject);
    const giveUp = (why: string) => () => reject(new StoryFault(`${what} ${why}.`));
    const timer = setTimeout(giveUp(`did not happen within ${stepMs / 1_000} s`), stepMs);
    const stop = giveUp("had not happened when the story was ended");
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      end();
    });
  }

  return {
    signal,
    elapsedMs: () => now() - startedAt,
    until: (what, read) =>
      bounded(what, (resolve) => {
        const look = () => {
          const answer = read(app.store.getState());
          if (answer !== undefined) resolve(answer);
        };
        const unsubscribe = app.store.subscribe(look);
        look();
        return unsubscribe;
      }),
    within: (what, work) =>
      bounded(what, (resolve, reject) => {
        work.then(resolve, reject);
        return () => undefined;
      }),
  };
}
