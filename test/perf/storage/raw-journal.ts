import Database from "better-sqlite3";

/** A row about as long as an entry of the journal, without anything that a journal needs beyond it. */
export interface RawJournal {
  append(rows: readonly string[]): void;
  readonly rows: number;
  close(): void;
}

/** The same pragmas, one table with a text key and one index, prepared statements, IMMEDIATE transactions: the least there is. */
export function createRawJournal(file: string): RawJournal {
  const client = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000", "foreign_keys = ON"])
    client.pragma(pragma);
  client.exec(`
    CREATE TABLE journal(id TEXT PRIMARY KEY NOT NULL, account_id TEXT NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
      client_order_id TEXT, event TEXT NOT NULL);
    CREATE INDEX journal_order ON journal(account_id, client_order_id)`);
  const insert = client.prepare("INSERT INTO journal VALUES(?, ?, ?, ?, ?, ?)");
  let rows = 0;
  const transaction = client.transaction((events: readonly string[]) => {
    for (const event of events) {
      rows += 1;
      const id = `demo:mx0test:1234567890ab:${String(rows).padStart(12, "0")}`;
      insert.run(id, "demo:mx0test", Date.now(), "fill-recorded", "td-1", event);
    }
  });
  return {
    append: (events) => {
      transaction.immediate(events);
    },
    get rows() {
      return client.prepare<[], number>("SELECT count(*) FROM journal").pluck().get() ?? 0;
    },
    close: () => {
      client.close();
    },
  };
}
