import type { ProofLooks } from "../domain/proof-look.ts";

/**
 * Where the processes of this machine tell each other which unproven orders they ask for. Nothing depends on it but what a
 * person is told, so none of it throws, and what cannot be written is not told.
 */
export interface LookBoard {
  /** Replaces what this process tells. */
  show(looks: ProofLooks): void;
  /** What other processes tell that live. */
  others(): readonly { readonly pid: number; readonly looks: ProofLooks }[];
  clear(): void;
}
