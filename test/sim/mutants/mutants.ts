import type { Mutant } from "./mutant.ts";
import { ORDER_MUTANTS } from "./order-mutants.ts";
import { RECORD_MUTANTS } from "./record-mutants.ts";
import { SAFETY_MUTANTS } from "./safety-mutants.ts";
import { SYNC_MUTANTS } from "./sync-mutants.ts";

/** Each of these bugs costs a trader money. A world or a test has to catch every one. */
export const MUTANTS: readonly Mutant[] = [...ORDER_MUTANTS, ...RECORD_MUTANTS, ...SAFETY_MUTANTS, ...SYNC_MUTANTS];
