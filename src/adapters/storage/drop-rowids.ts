import type { Database } from "better-sqlite3";

/**
 * Rebuilds tables so that their rows stand in the tree of their key. With a text key SQLite otherwise keeps two trees, the
 * rows by a hidden number and the keys by themselves, and each row written costs a page in both; before an order leaves,
 * those pages have to reach the disk. The schema's language has no word for it.
 */
export function dropRowids(client: Database, tables: readonly string[]): void {
  const textOf = client.prepare<[string], string>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const indexesOf = client.prepare<[string], string>(
    "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
  );
  for (const table of tables) {
    const text = textOf.pluck().get(table) ?? "";
    const rebuilt = text.replace(/^CREATE TABLE ["`]?\w+["`]?/, `CREATE TABLE __new_${table}`);
    const indexes = indexesOf.pluck().all(table);
    client.exec(`${rebuilt} WITHOUT ROWID;
      INSERT INTO __new_${table} SELECT * FROM ${table};
      DROP TABLE ${table};
      ALTER TABLE __new_${table} RENAME TO ${table};`);
    for (const index of indexes) client.exec(index);
  }
}
