/** Counts work under way, so that tests and a clean exit can wait for its end instead of guessing a time. */
export interface IdleCounter {
  /** Runs work and counts it until it settles. The result is the work's own. */
  track<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, and at once if nothing is. */
  idle(): Promise<void>;
}

export function createIdleCounter(): IdleCounter {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  const end = () => {
    underWay -= 1;
    if (underWay > 0) return;
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  };
  return {
    async track(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        end();
      }
    },
    idle: () =>
      underWay === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            waiting.push(resolve);
          }),
  };
}
