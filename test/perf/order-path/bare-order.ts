import Database from "better-sqlite3";
import { Agent, request } from "node:http";
import { once } from "node:events";

/** Sends one order as barely as it can be done durably. */
export interface BareOrder {
  /** Its durable half alone. */
  save(id: string): void;
  send(id: string): void;
  /** Fills the write-ahead log until SQLite begins it anew: from then on a commit need not make the file longer. */
  wearIn(): void;
  /** Resolves once the one on its way is answered. */
  answered(): Promise<void>;
  readonly rows: number;
  close(): void;
}

/** About what an intent is as JSON. */
const INTENT = { symbol: "BTCUSDT", side: "buy", type: "market", size: { kind: "base", quantity: { $: "0.001" } } };
/** As long as a signed order is. */
const QUERY =
  "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&recvWindow=5000&timestamp=1700000000000&newClientOrderId=";

/** After so many pages SQLite begins the log anew; each row writes more than one. */
const LOG_PAGES = 1_000;

/**
 * The least that an order costs which must not be lost: one row in one IMMEDIATE transaction, synced to disk, then one
 * request over a kept connection. No checks, no limits, no signature, nothing remembered.
 */
export function createBareOrder(file: string, url: string): BareOrder {
  const client = new Database(file);
  client.pragma("journal_mode = WAL");
  client.pragma("synchronous = FULL");
  client.exec("CREATE TABLE IF NOT EXISTS intents(id TEXT PRIMARY KEY, at INTEGER NOT NULL, intent TEXT NOT NULL)");
  const insert = client.prepare<[string, number, string]>("INSERT INTO intents VALUES(?, ?, ?)");
  const save = client.transaction((id: string) => insert.run(id, Date.now(), JSON.stringify({ ...INTENT, id })));
  const agent = new Agent({ keepAlive: true });
  let answered: Promise<unknown> = Promise.resolve();
  return {
    save: (id) => {
      save.immediate(id);
    },
    wearIn() {
      for (let index = 0; index < LOG_PAGES; index += 1) save.immediate(`worn-${index}`);
      client.exec("DELETE FROM intents");
    },
    send(id) {
      save.immediate(id);
      const outgoing = request(`${url}/api/v3/order?${QUERY}${id}`, { method: "POST", agent });
      outgoing.end();
      answered = once(outgoing, "response").then(([incoming]: { resume(): unknown }[]) => incoming?.resume());
    },
    answered: async () => {
      await answered;
    },
    get rows() {
      return client.prepare<[], number>("SELECT count(*) FROM intents").pluck().get() ?? 0;
    },
    close() {
      agent.destroy();
      client.close();
    },
  };
}
