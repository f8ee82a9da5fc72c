/** Everything that is going to happen in a simulated world, by its time; of one time, first come first. */
export interface EventQueue {
  /** The world's own time, ms since 1970. No process sees it; each has a clock of its own. */
  readonly now: number;
  /** How many events wait. */
  readonly size: number;
  /** @returns what takes it back */
  after(waitMs: number, run: () => void): () => void;
  /** Moves on to the next event and runs it. @returns false when nothing is due by then; the time is then `until`. */
  runNext(until: number): boolean;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export function createEventQueue(start: number): EventQueue {
  const heap: Entry[] = [];
  let now = start;
  let orders = 0;
  let waiting = 0;

  function isSooner(left: Entry, right: Entry): boolean {
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  function swap(left: number, right: number): void {
    const kept = heap[left] as Entry;
    heap[left] = heap[right] as Entry;
    heap[right] = kept;
  }

  function push(entry: Entry): void {
    heap.push(entry);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isSooner(heap[at] as Entry, heap[parent] as Entry)) break;
      swap(at, parent);
      at = parent;
    }
  }

  function pop(): void {
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isSooner(heap[child] as Entry, heap[least] as Entry)) least = child;
      }
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  }

  return {
    get now() {
      return now;
    },
    get size() {
      return waiting;
    },
    after(waitMs, run) {
      const entry: Entry = { at: now + Math.max(0, Math.ceil(waitMs)), order: (orders += 1), run };
      waiting += 1;
      push(entry);
      return () => {
        if (entry.run === undefined) return;
        entry.run = undefined;
        waiting -= 1;
      };
    },
    runNext(until) {
      for (let next = heap[0]; next !== undefined; next = heap[0]) {
        if (next.run !== undefined && next.at > until) break;
        pop();
        const { run } = next;
        if (run === undefined) continue;
        next.run = undefined;
        waiting -= 1;
        now = Math.max(now, next.at);
        run();
        return true;
      }
      now = Math.max(now, until);
      return false;
    },
  };
}
