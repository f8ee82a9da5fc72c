/**
 * Resolves once every promise that can go on has gone on: Node runs a tick only when no microtask is left. No timer and
 * no socket has a turn in between, so what happens does not depend on the machine.
 */
export function microtasksDone(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
