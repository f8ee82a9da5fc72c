import type { Timestamp } from "./identifiers.ts";

/**
 * `local` the file here is the record; a remote, where one is set, passes rows on to other machines · `shadow` the same, and
 * the remote is held against the file again and again · `primary` the remote is the record, the file is what works fast.
 */
export type StorageMode = "local" | "shadow" | "primary";

/** What became of the comparisons since the shadow began; on disk. */
export interface ShadowRecord {
  readonly mode: StorageMode;
  readonly since: Timestamp;
  /** Clean ones in a row, and when the first of them was. */
  readonly cleanInRow: number;
  readonly cleanSince: Timestamp | undefined;
  readonly last: { readonly at: Timestamp; readonly kind: "fast" | "deep"; readonly findings: number } | undefined;
  readonly lastDeep: { readonly at: Timestamp; readonly findings: number } | undefined;
}

export const NO_SHADOW: ShadowRecord = {
  mode: "local",
  since: 0,
  cleanInRow: 0,
  cleanSince: undefined,
  last: undefined,
  lastDeep: undefined,
};

/** How many clean comparisons in a row, over how long, and how young the proofs must be. */
export const CUTOVER_RULES = {
  cleanInRow: 3,
  cleanForMs: 24 * 3_600_000,
  pendingAgeMs: 60_000,
  deepAgeMs: 7 * 24 * 3_600_000,
  backupAgeMs: 24 * 3_600_000,
} as const;

export interface Gate {
  readonly name: "shadow-mode" | "clean-verifications" | "outbox-age" | "deep-verification" | "backup" | "schema";
  readonly passed: boolean;
  /** What was found, and what it should be. */
  readonly what: string;
}

export interface CutoverFacts {
  readonly record: ShadowRecord;
  readonly pendingOldestAt: Timestamp | undefined;
  readonly backupAt: Timestamp | undefined;
  /** Whether the remote answered with our version; undefined when it did not answer. */
  readonly isSchemaEqual: boolean | undefined;
  readonly now: Timestamp;
}

/** What has to hold before the remote may be the record. Each says what it found. */
export function cutoverGates({ record, pendingOldestAt, backupAt, isSchemaEqual, now }: CutoverFacts): readonly Gate[] {
  const { cleanInRow, cleanSince, lastDeep } = record;
  const cleanForMs = cleanSince === undefined ? 0 : now - cleanSince;
  const pendingMs = pendingOldestAt === undefined ? 0 : now - pendingOldestAt;
  const rules = CUTOVER_RULES;
  return [
    { name: "shadow-mode", passed: record.mode === "shadow", what: `The mode is ${record.mode}; it must be shadow.` },
    {
      name: "clean-verifications",
      passed: cleanInRow >= rules.cleanInRow && cleanForMs >= rules.cleanForMs,
      what: `${cleanInRow} clean verifications in a row over ${hours(cleanForMs)} h; it takes ${rules.cleanInRow} over ${hours(rules.cleanForMs)} h.`,
    },
    {
      name: "outbox-age",
      passed: pendingMs < rules.pendingAgeMs,
      what: `The oldest row that waits has waited ${Math.round(pendingMs / 1_000)} s; at most ${rules.pendingAgeMs / 1_000} s.`,
    },
    {
      name: "deep-verification",
      passed: lastDeep !== undefined && lastDeep.findings === 0 && now - lastDeep.at <= rules.deepAgeMs,
      what:
        lastDeep === undefined
          ? "There was no deep verification."
          : `The last deep verification found ${lastDeep.findings} rows, ${hours(now - lastDeep.at)} h ago; none, at most ${hours(rules.deepAgeMs)} h ago.`,
    },
    {
      name: "backup",
      passed: backupAt !== undefined && now - backupAt <= rules.backupAgeMs,
      what:
        backupAt === undefined
          ? "There is no verified backup."
          : `The newest verified backup is ${hours(now - backupAt)} h old; at most ${hours(rules.backupAgeMs)} h.`,
    },
    {
      name: "schema",
      passed: isSchemaEqual === true,
      what:
        isSchemaEqual === undefined
          ? "The remote did not answer, so that its version is not known."
          : isSchemaEqual
            ? "Both sides have one version."
            : "The remote has another version than this program.",
    },
  ];
}

/** Counts a comparison; one that found something begins the row anew. */
export function applyVerification(
  record: ShadowRecord,
  verified: { readonly at: Timestamp; readonly kind: "fast" | "deep"; readonly findings: number },
): ShadowRecord {
  const { at, kind, findings } = verified;
  const isClean = findings === 0;
  return {
    ...record,
    cleanInRow: isClean ? record.cleanInRow + 1 : 0,
    cleanSince: isClean ? (record.cleanSince ?? at) : undefined,
    last: verified,
    lastDeep: kind === "deep" ? { at, findings } : record.lastDeep,
  };
}

function hours(durationMs: number): number {
  return Math.floor(durationMs / 3_600_000);
}
