import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Where V8 keeps what a program holds. Its spaces for machine code and bytecode are left out: for days it goes on
 * compiling what turns out to be used often, which says nothing about what the program keeps.
 */
const DATA_SPACES: ReadonlySet<string> = new Set([
  "new_space",
  "old_space",
  "large_object_space",
  "new_large_object_space",
  "read_only_space",
]);

export interface LiveMemory {
  /** Objects, strings and numbers that are still reachable, in bytes. */
  readonly data: number;
  /** The same with machine code and bytecode, in bytes. */
  readonly total: number;
}

/** What this thread holds after everything unreachable was collected. */
export function measureLiveMemory(): LiveMemory {
  collectGarbage();
  collectGarbage();
  const spaces = getHeapSpaceStatistics();
  const sum = (of: typeof spaces) => of.reduce((bytes, space) => bytes + space.space_used_size, 0);
  return { data: sum(spaces.filter((space) => DATA_SPACES.has(space.space_name))), total: sum(spaces) };
}
