import type { Mutant } from "./mutant.ts";

const CHECKS = "src/adapters/storage/commit-checks.ts";

/** Bugs in what stops trading, and in who may act. */
export const SAFETY_MUTANTS: readonly Mutant[] = [
  {
    name: "halt-not-checked-in-the-commit",
    bug: "an order leaves after another process has halted trading",
    seed: 66,
    edits: [
      {
        file: CHECKS,
        search: `      if (held?.kind === "halted") throw`,
        replace: `      if (held?.kind === "never") throw`,
      },
      { file: "src/core/use-cases/gather-risk.ts", search: "  context.adoptState();\n", replace: "" },
    ],
  },
  {
    name: "lease-not-fenced",
    bug: "a guardian that slept through its end acts beside the next one",
    edits: [
      {
        file: CHECKS,
        search: "if (token.get(accountId) !== fence.token) throw",
        replace: "if (token.get(accountId) === -1) throw",
      },
    ],
    tests: "test/contract/guard-lease.test.ts",
  },
  {
    name: "leg-not-marked-done",
    bug: "a level that has sold its share stays live and sells another",
    edits: [
      {
        file: "src/core/domain/protection-events.ts",
        search: "return onLeg(protection, event.legId, (leg) => inState(leg, event.outcome));",
        replace: `return onLeg(protection, event.legId, (leg) => inState(leg, event.outcome === "done" ? "live" : "ended"));`,
      },
      {
        file: "src/core/domain/guarding/leg-target.ts",
        search: "  if (leg.target !== undefined && isRung(leg)) {",
        replace: `  if (leg.target !== undefined && isRung(leg) && leg.state === "exiting") {`,
      },
    ],
    tests: "test/core/domain/guarding/decide.property.test.ts",
  },
  {
    name: "exit-not-reduced-by-fills",
    bug: "what an exit has sold already is sold once more",
    edits: [
      {
        file: "src/core/domain/guarding/covered-base.ts",
        search: "return { covered: coverage.quantity, sold, left: less(coverage.quantity, sold) };",
        replace: "return { covered: coverage.quantity, sold, left: coverage.quantity };",
      },
    ],
    tests: "test/core/domain/guarding/decide.property.test.ts",
  },
  {
    name: "close-not-fenced",
    bug: "two processes that close at once sell the position twice",
    edits: [
      {
        file: "src/adapters/storage/journal.ts",
        search: `    if (fence !== undefined && "reckoned" in fence) saleCheck.isStillReckoned(fence.reckoned);\n`,
        replace: "    void saleCheck;\n",
      },
    ],
    tests: "test/adapters/storage/sale-check.test.ts",
  },
  {
    name: "close-not-told-to-the-stop",
    bug: "a stop sells beside an order that closes its position",
    edits: [
      {
        file: "src/core/use-cases/close-position.ts",
        search: "return await tools.place(draft, signal, { together, fence: { reckoned } });",
        replace: "void together;\n    return await tools.place(draft, signal, { fence: { reckoned } });",
      },
    ],
    tests: "test/app/guardian/closing.test.ts",
  },
  {
    name: "stop-without-a-ceiling",
    bug: "a stop that has sold all sells what is bought afterwards",
    edits: [
      {
        file: "src/core/domain/protection-events.ts",
        search: "const ceiling = leg.ceiling ?? event.ceiling;",
        replace: "const ceiling = undefined as Quantity | undefined;",
      },
    ],
    tests: "test/core/domain/guarding/exits-once.test.ts",
  },
  {
    name: "gap-question-skipped",
    bug: "a stop that was crossed while nobody watched sells without asking",
    seed: 7,
    edits: [
      {
        file: "src/app/runtime/guardian/ask-about-gap.ts",
        search: "  if (events.length > 0) context.publish(events, { token });",
        replace: "  void events;\n  void token;",
      },
    ],
  },
  {
    name: "confirmation-off",
    bug: "one bad print sells",
    edits: [
      {
        file: "src/core/domain/guarding/trigger-memory.ts",
        search: "  return run !== undefined && run.prints >= prints && run.lastAt - run.firstAt >= holdMs;",
        replace: "  void prints;\n  void holdMs;\n  return run !== undefined;",
      },
    ],
    tests: "test/core/domain/guarding/decide.test.ts",
  },
  {
    name: "prints-before-the-arming-count",
    bug: "a stop sells on prints from before it was armed, which were told after it",
    edits: [
      {
        file: "src/app/runtime/guardian/protection-desk.ts",
        search: "if (protection === undefined || isFromBefore(observation)) return;",
        replace: "if (protection === undefined) return;",
      },
    ],
    tests: "test/app/guardian/when-armed.test.ts",
  },
  {
    name: "armed-by-a-wrong-clock",
    bug: "a stop that was armed while the clock was ahead sells what it missed without asking",
    edits: [
      {
        file: "src/app/runtime/guardian/ask-about-gap.ts",
        search: "    if (armedAt > until) return since ?? shifted(until, -DAY_MS);\n",
        replace: "",
      },
    ],
    tests: "test/app/guardian/when-armed.test.ts",
  },
  {
    name: "stamped-when-sent",
    bug: "an order that a frozen process sends late is taken, after it was given up as never taken",
    edits: [
      {
        file: "src/adapters/mexc/rest/client.ts",
        search: "Math.round((wanted.stampedAt ?? clock.now()) + offset);",
        replace: "Math.round(clock.now() + offset);",
      },
    ],
    tests: "test/adapters/mexc/signed-call.test.ts",
  },
];
