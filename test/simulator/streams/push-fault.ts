import type { PushFault } from "../../../src/simulator/streams/push-faults.ts";

/** A fault as the control call fills it up: it strikes the next depth push. */
export function pushFault(given: Partial<PushFault> & Pick<PushFault, "kind">): PushFault {
  return { channel: "aggre.depth", count: 1, seed: 1, delayMs: 1_000, ...given };
}
