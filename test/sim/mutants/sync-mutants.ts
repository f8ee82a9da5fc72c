import type { Mutant } from "./mutant.ts";

const RULES = "src/core/domain/sync-table.ts";
const USE_CASE = "src/core/use-cases/synchronise.ts";
const STORE = "src/adapters/storage/sync-store.ts";
const APPLY = "src/adapters/storage/sync-apply.ts";
const JOINS = "src/adapters/storage/sync-joins.ts";
const OUTBOX = "src/adapters/storage/outbox.ts";
const REMOTE = "src/adapters/sync/turso-remote.ts";
const TABLES = "src/adapters/sync/remote-tables.ts";
const SEEDS = "test/sync/seeds.test.ts";

/** Bugs between two machines. */
export const SYNC_MUTANTS: readonly Mutant[] = [
  {
    name: "sync-order-by-clock-alone",
    bug: "a machine that knows less of an order overwrites what another knows",
    edits: [
      {
        file: RULES,
        search: 'orders: { kind: "ranked", by: ["evidence_rank", "updated_at"], joined: true },',
        replace: 'orders: { kind: "ranked", by: [], joined: false },',
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-cursor-passes-full-page",
    bug: "rows of another machine are never told",
    edits: [{ file: REMOTE, search: 'Number(rows.at(-1)?.["_rev"]) - 1]', replace: 'Number(rows.at(-1)?.["_rev"])]' }],
    tests: SEEDS,
  },
  {
    name: "sync-mark-cleared-blindly",
    bug: "what was written while a push was under way is never pushed",
    edits: [
      {
        file: STORE,
        search: 'DELETE FROM sync_dirty WHERE tbl = ? AND pk = ? AND hlc = ?"',
        replace: "DELETE FROM sync_dirty WHERE tbl = ? AND pk = ? AND hlc <> ? || 'x'\"",
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-last-to-arrive-wins",
    bug: "an older setting or trading state overwrites a newer one",
    edits: [
      {
        file: TABLES,
        search: 'const higher = `excluded.${column ?? ""} > ${name}.${column ?? ""}`;',
        replace: 'const higher = rest.length === 0 ? "true" : `excluded.${column ?? ""} > ${name}.${column ?? ""}`;',
      },
      {
        file: RULES,
        search: "return mine.hlc < theirs.hlc ? -1 : mine.hlc > theirs.hlc ? 1 : 0;",
        replace: "return -1;",
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-clock-not-moved-on",
    bug: "what is written after seeing another machine's change loses against it",
    edits: [{ file: APPLY, search: "      outbox.receive(row.hlc);\n", replace: "" }],
    tests: SEEDS,
  },
  {
    name: "sync-revision-stands-still",
    bug: "what is pushed is never told to anybody",
    edits: [{ file: TABLES, search: "SET rev = rev + 1 WHERE k = 1", replace: "SET rev = max(rev, 1) WHERE k = 1" }],
    tests: SEEDS,
  },
  {
    name: "sync-conflict-thrown-away",
    bug: "of two different fills under one id the one that gives way is gone",
    edits: [
      {
        file: APPLY,
        search: '        put(theirs);\n        return conflicts.keep("lost", mine, parts.now());',
        replace: "        put(theirs);\n        return false;",
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-copy-goes-unseen",
    bug: "a home that was put back by hand misses what it pushed before, for ever",
    edits: [
      {
        file: USE_CASE,
        search: "  if (!isRewound && greeting.mark !== undefined && !marks.includes(greeting.mark)) throw copied();\n",
        replace: "",
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-restored-keeps-its-name",
    bug: "a restored home skips the rows that it pushed before the disk was lost",
    edits: [
      {
        file: "src/adapters/storage/device.ts",
        search: "  client.prepare<[string]>(\"UPDATE sync_state SET v = ? WHERE k = 'device'\").run(fresh);\n",
        replace: "",
      },
    ],
    tests: SEEDS,
  },
  {
    name: "sync-forgets-sales",
    bug: "a protection that was changed elsewhere forgets that it has sold, and sells again",
    edits: [{ file: JOINS, search: "  if (byAttempts !== 0) return byAttempts < 0;\n", replace: "" }],
    tests: SEEDS,
  },
  {
    name: "sync-fills-not-summed",
    bug: "an order that two machines saw filled in parts counts as filled with one part",
    edits: [{ file: APPLY, search: "    sumUp(touched);\n", replace: "" }],
    tests: SEEDS,
  },
  {
    name: "sync-future-let-in",
    bug: "a machine whose clock is wrong wins against everybody",
    edits: [
      { file: APPLY, search: "if (ahead > MOST_AHEAD_MS) {", replace: "if (ahead > Number.POSITIVE_INFINITY) {" },
    ],
    tests: "test/adapters/storage/sync-store.test.ts",
  },
  {
    name: "sync-stamp-not-saved",
    bug: "two changes get one clock, and one of them is not pushed",
    edits: [{ file: OUTBOX, search: "      saveClock.run(reading);\n", replace: "" }],
    tests: SEEDS,
  },
];
