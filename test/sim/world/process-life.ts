/** Thrown into a process at the moment it dies, and at whatever of it still tries to act. Nothing it says is heard. */
export class ProcessDied extends Error {
  constructor() {
    super("this simulated process is dead");
  }
}

/** What is going to befall a process: at the n-th time it gets to a step of this kind. */
export interface Doom {
  readonly kind: "die" | "freeze";
  /** The beginning of a step's name; "" counts every step. */
  readonly at: string;
  readonly times: number;
  /** How long a frozen process stands still, ms. */
  readonly forMs: number;
}

/**
 * Whether a simulated process goes on. Everything that leaves it or comes to it goes through here, so that a dead one
 * does nothing more, at whichever await it stood, and a frozen one goes on later where it was.
 */
export interface ProcessLife {
  readonly state: "running" | "frozen" | "dead";
  /** The process does something the world can see. @throws ProcessDied when it is dead, or dies of it */
  step(name: string): void;
  /** Something comes to the process: at once, when it thaws, or never. */
  arrive(run: () => void): void;
  die(why: string): void;
  /** Takes back what was still to befall it. */
  spare(): void;
  onDeath(run: () => void): void;
}

export interface ProcessLifeParts {
  readonly dooms: readonly Doom[];
  readonly later: (waitMs: number, run: () => void) => void;
  readonly note: (line: string) => void;
  readonly onFreeze?: () => void;
}

export function createProcessLife({ dooms, later, note, onFreeze }: ProcessLifeParts): ProcessLife {
  let state: ProcessLife["state"] = "running";
  let held: (() => void)[] = [];
  let mourners: (() => void)[] = [];
  const waiting = dooms.map((doom) => ({ ...doom, left: doom.times }));

  function die(why: string): void {
    if (state === "dead") return;
    state = "dead";
    note(`dies: ${why}`);
    held = [];
    for (const run of mourners) run();
    mourners = [];
  }

  function freeze(forMs: number, why: string): void {
    state = "frozen";
    onFreeze?.();
    note(`freezes for ${String(forMs)} ms: ${why}`);
    later(forMs, () => {
      if (state === "dead") return;
      state = "running";
      note("thaws");
      const arrived = held;
      held = [];
      for (const run of arrived) arrive(run);
    });
  }

  function arrive(run: () => void): void {
    if (state === "dead") return;
    if (state === "frozen") held.push(run);
    else run();
  }

  return {
    get state() {
      return state;
    },
    step(name) {
      if (state === "dead") throw new ProcessDied();
      if (state === "frozen") return;
      for (const doom of waiting) {
        if (doom.left === 0 || !name.startsWith(doom.at)) continue;
        doom.left -= 1;
        if (doom.left > 0) continue;
        if (doom.kind === "freeze") {
          freeze(doom.forMs, `at ${name}`);
          return;
        }
        die(`at ${name}`);
        throw new ProcessDied();
      }
    },
    arrive,
    die,
    spare() {
      for (const doom of waiting) doom.left = 0;
    },
    onDeath(run) {
      if (state === "dead") run();
      else mourners.push(run);
    },
  };
}
