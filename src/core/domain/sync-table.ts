/** A value as SQLite keeps it in a column of ours. */
export type SyncValue = string | number | null;

export interface SyncColumn {
  readonly name: string;
  readonly type: "text" | "integer";
}

/** A table whose rows leave this machine, as both ends of the synchronisation see it. */
export interface SyncTable {
  readonly name: string;
  /** The column that names a row on every machine. */
  readonly key: string;
  /** Its own columns, the key among them; not the bookkeeping. */
  readonly columns: readonly SyncColumn[];
  readonly rule: SyncRule;
}

/** Which of two rows under one key stands. Decided the same way by every machine and by the remote. */
export type SyncRule =
  /**
   * Facts that never change: the first row to reach the remote stands. One that differs is kept as a conflict, or `dropped`
   * where the rows are approximations of the same thing.
   */
  | { readonly kind: "append"; readonly loser: "kept" | "dropped" }
  /**
   * The row that is higher in the columns named, one after the other, then by its clock. `joined` rows are not only
   * compared: each machine makes of the two what both together prove, and passes that on.
   */
  | { readonly kind: "ranked"; readonly by: readonly string[]; readonly joined: boolean };

/** The table of rules. What is not here does not leave this machine. */
export const SYNC_RULES: Readonly<Record<string, SyncRule>> = {
  journal: { kind: "append", loser: "kept" },
  intents: { kind: "append", loser: "kept" },
  fills: { kind: "append", loser: "kept" },
  equity_samples: { kind: "append", loser: "dropped" },
  orders: { kind: "ranked", by: ["evidence_rank", "updated_at"], joined: true },
  protections: { kind: "ranked", by: ["version"], joined: true },
  transfers: { kind: "ranked", by: [], joined: true },
  trading_states: { kind: "ranked", by: [], joined: false },
  settings: { kind: "ranked", by: [], joined: false },
};

/** One row on its way. */
export interface SyncRow {
  readonly table: string;
  readonly key: string;
  /** By column. */
  readonly values: Readonly<Record<string, SyncValue>>;
  /** Reading of the hybrid logical clock at its last change: plain text order is causal order. */
  readonly hlc: string;
  readonly deleted: boolean;
  /** 60 bits over the values. */
  readonly hash: bigint;
}

/** `same` nothing to do · `take` theirs stands · `keep` mine stands · `conflict` theirs stands, and mine is kept aside. */
export type SyncVerdict = "same" | "take" | "keep" | "conflict";

/** Which of two rows stands, for rules that do not join. */
export function judgeRows(rule: SyncRule, mine: SyncRow, theirs: SyncRow): SyncVerdict {
  if (mine.hash === theirs.hash) return "same";
  if (rule.kind === "append") return rule.loser === "kept" ? "conflict" : "take";
  return compareRanked(rule.by, mine, theirs) < 0 ? "take" : "keep";
}

/** Negative when `theirs` is higher. */
export function compareRanked(by: readonly string[], mine: SyncRow, theirs: SyncRow): number {
  for (const column of by) {
    const difference = Number(mine.values[column]) - Number(theirs.values[column]);
    if (difference !== 0) return difference;
  }
  return mine.hlc < theirs.hlc ? -1 : mine.hlc > theirs.hlc ? 1 : 0;
}
