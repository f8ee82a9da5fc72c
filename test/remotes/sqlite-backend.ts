import Better from "better-sqlite3";
import { randomUUID } from "node:crypto";
import type { HranaBatch, HranaCondition, HranaRequest, HranaResult, HranaStatement, HranaValue } from "./hrana.ts";
import type { PipelineBackend } from "./hrana.ts";
import { StoredTexts, toHranaError } from "./hrana.ts";

export type SqliteEngine = "better-sqlite3" | "libsql";

type Database = Better.Database;

/** One connection a client holds between its requests. */
interface Stream {
  readonly baton: string;
  readonly database: Database;
  readonly statements: Statements;
  readonly texts: StoredTexts;
  idle?: NodeJS.Timeout;
}

type Statements = Map<string, Better.Statement<unknown[], unknown[]>>;
type Connection = Pick<Stream, "database" | "statements">;

const IDLE_MS = 10_000;
const MOST_STATEMENTS = 100;

/**
 * Hrana on a file of this process. Both engines have one interface; they may live in one process on different files, never
 * on the same one.
 */
export async function createSqliteBackend(file: string, engine: SqliteEngine): Promise<PipelineBackend> {
  const Database = engine === "better-sqlite3" ? Better : await loadLibsql();
  const streams = new Map<string, Stream>();
  const idle: Connection[] = [];

  function connect(): Connection {
    const database = new Database(file, { timeout: 5_000 });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    return { database, statements: new Map() };
  }

  const open = (): Stream => ({ baton: randomUUID(), texts: new StoredTexts(), ...(idle.pop() ?? connect()) });

  function end(stream: Stream): void {
    streams.delete(stream.baton);
    clearTimeout(stream.idle);
    if (stream.database.inTransaction) stream.database.exec("ROLLBACK");
    idle.push(stream);
  }

  return {
    answer({ baton, requests }) {
      const held = baton == null ? undefined : streams.get(baton);
      if (baton != null && held === undefined)
        throw Object.assign(new Error("no such stream"), { code: "STREAM_EXPIRED" });
      const stream = held ?? open();
      clearTimeout(stream.idle);
      const results = requests.map((request): HranaResult => {
        try {
          return { type: "ok", response: respond(stream, request) };
        } catch (cause) {
          return { type: "error", error: toHranaError(cause) };
        }
      });
      if (requests.some(({ type }) => type === "close")) {
        end(stream);
        return Promise.resolve({ baton: null, base_url: null, results });
      }
      streams.set(stream.baton, stream);
      stream.idle = setTimeout(end, IDLE_MS, stream).unref();
      return Promise.resolve({ baton: stream.baton, base_url: null, results });
    },
    close() {
      for (const stream of [...streams.values()]) end(stream);
      for (const { database } of idle) database.close();
      return Promise.resolve();
    },
  };
}

async function loadLibsql(): Promise<typeof Better> {
  const { default: Libsql } = await import("libsql");
  return Libsql as unknown as typeof Better;
}

function respond(stream: Stream, request: HranaRequest): Readonly<Record<string, unknown>> {
  const { type } = request;
  switch (request.type) {
    case "close":
      return { type };
    case "get_autocommit":
      return { type, is_autocommit: !stream.database.inTransaction };
    case "store_sql":
      stream.texts.store(request.sql_id, request.sql);
      return { type };
    case "close_sql":
      stream.texts.forget(request.sql_id);
      return { type };
    case "sequence":
      stream.database.exec(stream.texts.textOf(request));
      return { type };
    case "describe": {
      const statement = stream.database.prepare(stream.texts.textOf(request));
      const cols = statement.reader ? statement.columns().map(({ name, type }) => ({ name, decltype: type })) : [];
      return { type, result: { params: [], cols, is_explain: false, is_readonly: statement.readonly } };
    }
    case "execute":
      return { type, result: execute(stream, request.stmt) };
    case "batch":
      return { type, result: runBatch(stream, request.batch) };
  }
}

function runBatch(stream: Stream, batch: HranaBatch) {
  const results: unknown[] = [];
  const errors: unknown[] = [];
  const holds = (condition: HranaCondition): boolean => {
    switch (condition.type) {
      case "ok":
        return results[condition.step] != null;
      case "error":
        return errors[condition.step] != null;
      case "not":
        return !holds(condition.cond);
      case "and":
        return condition.conds.every(holds);
      case "or":
        return condition.conds.some(holds);
      case "is_autocommit":
        return !stream.database.inTransaction;
    }
  };
  for (const { condition, stmt } of batch.steps) {
    let result: unknown = null;
    let error: unknown = null;
    if (condition == null || holds(condition)) {
      try {
        result = execute(stream, stmt);
      } catch (cause) {
        error = toHranaError(cause);
      }
    }
    results.push(result);
    errors.push(error);
  }
  return { step_results: results, step_errors: errors };
}

function prepare({ database, statements }: Stream, sql: string): Better.Statement<unknown[], unknown[]> {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const fresh = database.prepare<unknown[], unknown[]>(sql);
  if (statements.size > MOST_STATEMENTS) statements.clear();
  statements.set(sql, fresh);
  return fresh;
}

function execute(stream: Stream, statement: HranaStatement) {
  const prepared = prepare(stream, stream.texts.textOf(statement));
  const named = statement.named_args ?? [];
  const values =
    named.length === 0
      ? (statement.args ?? []).map(fromHrana)
      : [Object.fromEntries(named.map(({ name, value }) => [name.replace(/^[:@$]/, ""), fromHrana(value)]))];
  if (!prepared.reader) {
    const { changes, lastInsertRowid } = prepared.run(...values);
    return { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: String(lastInsertRowid) };
  }
  prepared.safeIntegers(true);
  const cols = prepared.columns().map(({ name, type }) => ({ name, decltype: type }));
  const rows = prepared.raw(true).all(...values);
  return { cols, rows: rows.map((row) => row.map(toHrana)), affected_row_count: 0, last_insert_rowid: null };
}

function fromHrana(value: HranaValue): unknown {
  if (value.type === "null") return null;
  if (value.type === "blob") return Buffer.from(value.base64, "base64");
  return value.type === "integer" ? BigInt(value.value) : value.value;
}

function toHrana(value: unknown): HranaValue {
  if (value == null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: String(value) };
  if (typeof value === "number") return { type: "float", value };
  if (typeof value === "string") return { type: "text", value };
  return { type: "blob", base64: Buffer.from(value as Uint8Array).toString("base64") };
}
