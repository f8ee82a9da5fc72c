import { expect, test } from "vitest";
import type { CutoverFacts } from "../../../src/core/domain/storage-mode.ts";
import { applyVerification, cutoverGates, NO_SHADOW } from "../../../src/core/domain/storage-mode.ts";

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const READY: CutoverFacts = {
  record: {
    mode: "shadow",
    since: NOW - 30 * HOUR,
    cleanInRow: 3,
    cleanSince: NOW - 24 * HOUR,
    last: { at: NOW, kind: "fast", findings: 0 },
    lastDeep: { at: NOW - 20 * HOUR, findings: 0 },
  },
  pendingOldestAt: undefined,
  backupAt: NOW - 23 * HOUR,
  isSchemaEqual: true,
  now: NOW,
};
const failing = (facts: CutoverFacts) => cutoverGates(facts).flatMap(({ name, passed }) => (passed ? [] : [name]));

test("all gates hold", () => {
  expect(failing(READY)).toEqual([]);
});

test.each<[string, Partial<CutoverFacts> | { readonly record: Partial<CutoverFacts["record"]> }]>([
  ["shadow-mode", { record: { mode: "local" } }],
  ["clean-verifications", { record: { cleanInRow: 2 } }],
  ["clean-verifications", { record: { cleanSince: NOW - 24 * HOUR + 1 } }],
  ["outbox-age", { pendingOldestAt: NOW - 60_000 }],
  ["deep-verification", { record: { lastDeep: undefined } }],
  ["deep-verification", { record: { lastDeep: { at: NOW, findings: 1 } } }],
  ["deep-verification", { record: { lastDeep: { at: NOW - 169 * HOUR, findings: 0 } } }],
  ["backup", { backupAt: undefined }],
  ["backup", { backupAt: NOW - 24 * HOUR - 1 }],
  ["schema", { isSchemaEqual: undefined }],
  ["schema", { isSchemaEqual: false }],
])("%s does not hold: %j", (name, changes) => {
  const { record, ...rest } = changes as Partial<CutoverFacts>;
  expect(failing({ ...READY, ...rest, record: { ...READY.record, ...record } })).toEqual([name]);
});

test("a comparison that found something begins the row anew", () => {
  let record = applyVerification(NO_SHADOW, { at: 1, kind: "fast", findings: 0 });
  record = applyVerification(record, { at: 2, kind: "deep", findings: 0 });
  expect(record).toMatchObject({ cleanInRow: 2, cleanSince: 1, lastDeep: { at: 2 } });
  record = applyVerification(record, { at: 3, kind: "fast", findings: 4 });
  expect(record).toMatchObject({ cleanInRow: 0, cleanSince: undefined, last: { findings: 4 }, lastDeep: { at: 2 } });
});
