import { hash } from "node:crypto";

export type DriverValue = string | number | bigint | null;

/**
 * 60 bits over a row's own columns, by which two machines compare what they hold. Empty columns do not count and names
 * stand beside values, so a column added later leaves the hashes of older rows true.
 */
export function rowHash(table: string, row: readonly (readonly [string, DriverValue])[], deleted: number): bigint {
  const byName = [...row].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return hashOfSorted(table, byName, deleted);
}

/** The same for columns that are in the order of their names already, as a writer of many rows has them. */
export function hashOfSorted(table: string, row: Iterable<readonly [string, DriverValue]>, deleted: number): bigint {
  const held: (readonly [string, string])[] = [];
  for (const [name, value] of row) if (value !== null) held.push([name, String(value)]);
  const digest = hash("sha256", JSON.stringify([table, held, deleted]), "hex");
  return BigInt(`0x${digest.slice(0, 15)}`);
}
