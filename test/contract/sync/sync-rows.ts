import type { SyncRow, SyncTable, SyncValue } from "../../../src/core/domain/sync-table.ts";

/** Two small tables: facts, and things with a rank. */
export const FACTS: SyncTable = {
  name: "facts",
  key: "id",
  columns: [
    { name: "id", type: "text" },
    { name: "amount", type: "text" },
  ],
  rule: { kind: "append", loser: "kept" },
};
export const THINGS: SyncTable = {
  name: "things",
  key: "id",
  columns: [
    { name: "id", type: "text" },
    { name: "rank", type: "integer" },
  ],
  rule: { kind: "ranked", by: ["rank"], joined: false },
};

/** A row whose hash is only as good as a test needs: of its values. */
export function row(table: SyncTable, values: Readonly<Record<string, SyncValue>>, hlc: string): SyncRow {
  let hash = 7n;
  for (const letter of JSON.stringify(values))
    hash = (hash * 31n + BigInt(letter.codePointAt(0) ?? 0)) & ((1n << 60n) - 1n);
  return { table: table.name, key: String(values[table.key]), values, hlc, deleted: false, hash };
}

export function clockReading(ms: number, device: string): string {
  return `${ms.toString(16).padStart(12, "0")}0000-${device}`;
}
