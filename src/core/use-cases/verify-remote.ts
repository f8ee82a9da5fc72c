import { AppError, EXIT_CODES } from "../domain/errors.ts";
import type { HashBucket } from "../ports/sync-remote.ts";
import type { SyncContext } from "./synchronise.ts";
import { pullChanges, synchronise } from "./synchronise.ts";

/** `missing` there · `extra` there · `differs` in its hash · `altered` its values do not give its hash, on the side named. */
export interface Finding {
  readonly kind: "missing" | "extra" | "differs" | "altered-there" | "altered-here";
  readonly table: string;
  readonly key: string;
}

export interface Verification {
  readonly kind: "fast" | "deep";
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/** Others may push while two sides are compared: how often it is begun anew. */
const MOST_ATTEMPTS = 5;
const PAGE_ROWS = 5_000;

/**
 * Compares sums over the hashes of both sides, and looks into the parts in which they differ. Cheap, and blind for a value
 * that was changed without its hash.
 * @throws AppError VERIFY_UNSETTLED when the two sides do not stand still, or what the remote throws
 */
export async function verifyFast(context: SyncContext, signal: AbortSignal): Promise<Verification> {
  const { store, remote } = context;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    await settle(context, signal);
    const here = store.buckets();
    const there = await remote.buckets(signal);
    if (!isSettled(context, there.revision)) continue;
    const findings: Finding[] = [];
    for (const { name } of store.tables) {
      for (const bucket of differentBuckets(here[name] ?? [], there.tables[name] ?? [])) {
        findings.push(
          ...compareRows(name, store.bucketRows(name, bucket), await remote.bucketRows(name, bucket, signal)),
        );
      }
    }
    const rows = Object.values(here).reduce((sum, buckets) => sum + buckets.reduce((all, one) => all + one.rows, 0), 0);
    return { kind: "fast", rows, findings };
  }
  throw unsettled();
}

/** Reads every row of both sides and counts its hash anew: nothing that was changed in place escapes it. */
export async function verifyDeep(
  context: SyncContext,
  signal: AbortSignal,
  onProgress: (rows: number) => void = () => {},
): Promise<Verification> {
  const { store, remote } = context;
  await settle(context, signal);
  const findings: Finding[] = [];
  let rows = 0;
  for (const { name } of store.tables) {
    const here = new Map<string, bigint>();
    for (let after = ""; ;) {
      const page = store.scan(name, after, PAGE_ROWS);
      for (const row of page) {
        here.set(row.key, row.hash);
        if (!store.isSound(row)) findings.push({ kind: "altered-here", table: name, key: row.key });
      }
      await context.yieldTurn();
      if (page.length < PAGE_ROWS) break;
      after = page.at(-1)?.key ?? after;
    }
    for (let after = ""; ;) {
      const page = await remote.scan(name, after, PAGE_ROWS, signal);
      for (const row of page) {
        rows += 1;
        const mine = here.get(row.key);
        here.delete(row.key);
        if (!store.isSound(row)) findings.push({ kind: "altered-there", table: name, key: row.key });
        else if (mine === undefined) findings.push({ kind: "extra", table: name, key: row.key });
        else if (mine !== row.hash) findings.push({ kind: "differs", table: name, key: row.key });
      }
      onProgress(rows);
      if (page.length < PAGE_ROWS) break;
      after = page.at(-1)?.key ?? after;
    }
    for (const key of here.keys()) findings.push({ kind: "missing", table: name, key });
  }
  return { kind: "deep", rows, findings: await stillStanding(context, findings, signal) };
}

/** What was pushed by anybody while it was read is no difference: only what still differs counts. */
async function stillStanding(
  context: SyncContext,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const moving = findings.filter(({ kind }) => !kind.startsWith("altered"));
  if (moving.length === 0) return findings;
  const { findings: now } = await verifyFast(context, signal);
  const standing = new Set(now.map(({ table, key }) => `${table} ${key}`));
  return findings.filter(({ kind, table, key }) => kind.startsWith("altered") || standing.has(`${table} ${key}`));
}

async function settle(context: SyncContext, signal: AbortSignal): Promise<void> {
  await synchronise(context, signal);
  // What was just pushed has a revision of its own, which is to be passed.
  await pullChanges(context, signal);
}

function isSettled({ store }: SyncContext, revision: number): boolean {
  return store.pendingSummary().rows === 0 && store.facts().cursor === revision;
}

function differentBuckets(here: readonly HashBucket[], there: readonly HashBucket[]): readonly number[] {
  const told = new Map(there.map((bucket) => [bucket.bucket, bucket]));
  const known = new Set(here.map(({ bucket }) => bucket));
  const different = here.filter((mine) => {
    const theirs = told.get(mine.bucket);
    return theirs?.rows !== mine.rows || theirs.low !== mine.low || theirs.high !== mine.high;
  });
  return [
    ...different.map(({ bucket }) => bucket),
    ...there.map(({ bucket }) => bucket).filter((one) => !known.has(one)),
  ];
}

function compareRows(
  table: string,
  here: ReadonlyMap<string, bigint>,
  there: ReadonlyMap<string, bigint>,
): readonly Finding[] {
  const mine = [...here].flatMap(([key, hash]): readonly Finding[] => {
    const theirs = there.get(key);
    if (theirs === undefined) return [{ kind: "missing", table, key }];
    return theirs === hash ? [] : [{ kind: "differs", table, key }];
  });
  const extra = [...there.keys()].filter((key) => !here.has(key));
  return [...mine, ...extra.map((key): Finding => ({ kind: "extra", table, key }))];
}

function unsettled(): AppError {
  return new AppError({
    code: "VERIFY_UNSETTLED",
    message: "Both sides changed faster than they could be compared.",
    notDone: "Nothing was compared, and nothing counts.",
    hint: "Try again when the machines are quieter.",
    exitCode: EXIT_CODES.unavailable,
  });
}
