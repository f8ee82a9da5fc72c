import type { Mutant } from "./mutant.ts";

const CHECKS = "src/adapters/storage/commit-checks.ts";

/** Bugs in what stops trading, and in who may act. */
export const SAFETY_MUTANTS: readonly Mutant[] = [
  {
    name: "halt-not-checked-in-the-commit",
    bug: "an order leaves after another process has halted trading",
    edits: [
      {
        file: CHECKS,
        search: `      if (held?.kind === "halted") throw`,
        replace: `      if (held?.kind === "never") throw`,
      },
      { file: "src/core/use-cases/gather-risk.ts", search: "  context.adoptState();\n", replace: "" },
    ],
    tests: "test/adapters/storage",
  },
  {
    name: "lease-not-fenced",
    bug: "a guardian that slept through its end acts beside the next one",
    edits: [
      {
        file: CHECKS,
        search: "if (lease.get({ accountId })?.token !== fence.token) throw",
        replace: "if (lease.get({ accountId })?.token === -1) throw",
      },
    ],
    tests: "test/adapters/storage",
  },
];
