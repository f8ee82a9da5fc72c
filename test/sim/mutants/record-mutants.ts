import type { Mutant } from "./mutant.ts";

const LEDGER = "src/core/domain/trading-ledger.ts";
const PUMP = "src/app/runtime/event-pump.ts";
const SESSION = "src/app/runtime/account-session.ts";

/** Bugs between what the exchange holds and what is remembered of it. */
export const RECORD_MUTANTS: readonly Mutant[] = [
  {
    name: "fills-not-deduplicated",
    bug: "an execution that is told twice counts twice",
    seed: 6,
    edits: [
      { file: LEDGER, search: "  if (ledger.fills.has(fill.tradeId)) return unchanged(ledger);\n", replace: "" },
      { file: PUMP, search: "      return ledger.fills.has(event.fill.tradeId);", replace: "      return false;" },
    ],
  },
  {
    name: "late-fill-dropped",
    bug: "an execution that is told after the end of its order is forgotten",
    edits: [
      {
        file: LEDGER,
        search: "  const { order, anomaly } = applyFillToOrder(known, fill, at);\n  return {",
        replace: `  if (known.state === "cancelled") return unchanged(ledger);
  const { order, anomaly } = applyFillToOrder(known, fill, at);
  return {`,
      },
    ],
    tests: "test/app/runtime/ledger-memory.test.ts",
  },
  {
    name: "older-balances-win",
    bug: "a balance that was told late counts instead of a newer one",
    edits: [
      {
        file: LEDGER,
        search: "  if (held !== undefined && held.at > balance.at) return unchanged(ledger);",
        replace: "  if (held !== undefined && held.at < balance.at) return unchanged(ledger);",
      },
    ],
    tests: "test/core/domain/balances-race.test.ts",
  },
  {
    name: "gap-not-closed",
    bug: "what happened while the private stream was away is asked for too late",
    seed: 45,
    edits: [
      {
        file: SESSION,
        search: `if (push.state.kind === "connected" && snapshotTaken) noteGap("a lost connection");`,
        replace: "",
      },
      {
        file: SESSION,
        search: "const BACKFILL_EVERY_MS = 5 * 60_000;",
        replace: "const BACKFILL_EVERY_MS = 60 * 60_000;",
      },
    ],
  },
  {
    name: "orders-of-others-not-taken-up",
    bug: "an order that a command left unproven is chased by nobody",
    seed: 181,
    edits: [
      {
        file: "src/app/runtime/ledger-memory.ts",
        search:
          "    bringBack(...[...differing, ...ended].flatMap(({ clientOrderId }) => orders.find({ clientOrderId }) ?? []));",
        replace: "    void [differing, ended];",
      },
    ],
  },
  {
    name: "adopted-without-its-fills",
    bug: "executions of an order that another process placed count twice",
    seed: 6,
    edits: [
      {
        file: "src/app/runtime/ledger-memory.ts",
        search: "const its = ids.length === 0 ? [] : fills.ofOrders(ids);",
        replace: "const its: readonly Fill[] = [];",
      },
    ],
  },
  {
    name: "stream-tried-once",
    bug: "a session whose first listen key failed hears nothing of what happens",
    edits: [
      {
        file: SESSION,
        search: "        listenLater();\n      }\n      snapshotTaken",
        replace: "      }\n      snapshotTaken",
      },
    ],
    tests: "test/app/session-troubles.test.ts",
  },
  {
    name: "journal-skips-what-is-late",
    bug: "what could not be written at once is dropped instead of being written later",
    edits: [{ file: PUMP, search: "    backlog.push(batch);\n", replace: "" }],
    tests: "test/app/runtime/event-pump.test.ts",
  },
];
