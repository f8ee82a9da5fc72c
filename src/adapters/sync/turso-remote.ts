import type { InStatement, ResultSet, Row } from "@libsql/client/http";
import { createClient } from "@libsql/client/http";
import { randomUUID } from "node:crypto";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { AccountId } from "../../core/domain/identifiers.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { SyncTable } from "../../core/domain/sync-table.ts";
import type { DeviceLease, HashBucket, SyncRemote } from "../../core/ports/sync-remote.ts";
import { RemoteRefusal, remoteFault } from "./remote-fault.ts";
import { readRow, readText } from "./remote-rows.ts";
import { BEGIN_REVISION, createOffer, createStatements, upgradeStatements } from "./remote-tables.ts";

/** The version of what stands on the remote; counts up when a synced table gains a column or a table is added. */
const REMOTE_VERSION = 1;
const TIMEOUT_MS = 10_000;
/** The remote's clock, ms. */
const NOW = "CAST(strftime('%s', 'now') AS INTEGER) * 1000";

export interface TursoRemoteOptions {
  /** `libsql://`, `https://`, or `http://` on loopback. */
  readonly url: string;
  readonly token: string | undefined;
  readonly tables: readonly SyncTable[];
  readonly timeoutMs?: number;
  /** For tests of what a newer or older program does. */
  readonly version?: number;
}

/** The remote over HTTP: no native code, each call one request, each with its time-out. */
export function createTursoRemote(options: TursoRemoteOptions): SyncRemote {
  const { tables, version = REMOTE_VERSION, timeoutMs = TIMEOUT_MS } = options;
  const address = safeText(new URL(options.url).host, 200);
  const offers = new Map(tables.map((table) => [table.name, createOffer(table)]));
  const byName = new Map(tables.map((table) => [table.name, table]));
  let sentBytes = 0;
  let receivedBytes = 0;
  let signal = AbortSignal.abort();
  let turn: Promise<unknown> = Promise.resolve();
  let isPrepared = false;

  const client = createClient({
    url: options.url,
    ...(options.token === undefined ? {} : { authToken: options.token }),
    intMode: "bigint",
    // Without a time of its own the client waits for ever on a server that accepts and says nothing.
    fetch: async (request: Request) => {
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const body = request.method === "POST" ? await request.text() : undefined;
      sentBytes += body?.length ?? 0;
      const answer = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        signal: within,
        redirect: "error",
        ...(body === undefined ? {} : { body }),
      });
      const text = await answer.text();
      receivedBytes += text.length;
      // The client would keep the words of such an answer, and not its number.
      if (!answer.ok && request.method === "POST") throw new RemoteRefusal(answer.status, text);
      return new Response(text, { status: answer.status, headers: answer.headers });
    },
  });

  /** One call after the other: the signal in use is that of the call under way. */
  function call<T>(wish: AbortSignal, work: () => Promise<T>): Promise<T> {
    const run = turn.then(async () => {
      wish.throwIfAborted();
      signal = wish;
      try {
        return await work();
      } catch (cause) {
        if (wish.aborted) throw wish.reason;
        throw remoteFault(address, cause);
      }
    });
    turn = run.catch(() => undefined);
    return run;
  }

  const read = (statements: InStatement[]) => client.batch(statements, "deferred");
  const write = (statements: InStatement[]) => client.batch(statements, "write");

  async function prepare(): Promise<void> {
    if (isPrepared) return;
    const [there] = await read(["SELECT count(*) AS found FROM sqlite_schema WHERE name = 'sync_meta'"]);
    if (Number(only(there)["found"]) === 0) await write([...createStatements(tables, version, randomUUID())]);
    const [meta] = await read(["SELECT schema_version FROM sync_meta WHERE k = 1"]);
    const found = Number(only(meta)["schema_version"]);
    if (found > version) throw newer(address, found, version);
    if (found < version) {
      await write([...createStatements(tables, version, randomUUID())]);
      const infos = await read(tables.map(({ name }) => `SELECT name FROM pragma_table_info('${name}')`));
      const existing = new Map(
        tables.map(({ name }, at) => [name, new Set((infos[at]?.rows ?? []).map((row) => readText(row, "name")))]),
      );
      await write([...upgradeStatements(tables, existing, version)]);
    }
    isPrepared = true;
  }

  return {
    address,
    get traffic() {
      return { sentBytes, receivedBytes };
    },
    greet: ({ deviceId }, wish) =>
      call(wish, async () => {
        await prepare();
        const [meta, device, others] = await read([
          `SELECT remote_id, schema_version, rev, ${NOW} AS now FROM sync_meta WHERE k = 1`,
          { sql: "SELECT mark FROM sync_devices WHERE device_id = ?", args: [deviceId] },
          { sql: "SELECT count(*) AS others FROM sync_devices WHERE device_id <> ?", args: [deviceId] },
        ]);
        const row = only(meta);
        // Another device may have brought a newer program along since we looked.
        if (Number(row["schema_version"]) > version) throw newer(address, Number(row["schema_version"]), version);
        const mark = device?.rows[0]?.["mark"];
        return {
          remoteId: readText(row, "remote_id"),
          revision: Number(row["rev"]),
          now: Number(row["now"]),
          mark: typeof mark === "string" ? mark : undefined,
          otherDevices: Number(only(others)["others"]),
        };
      }),
    push: ({ deviceId, host }, mark, rows, wish) =>
      call(wish, async () => {
        const offered = rows.flatMap((row) => offers.get(row.table)?.(row, deviceId) ?? []);
        const said = {
          sql: `INSERT INTO sync_devices(device_id, host, mark, seen_at) VALUES(?, ?, ?, ${NOW}) ON CONFLICT(device_id)
            DO UPDATE SET host = excluded.host, mark = excluded.mark, seen_at = excluded.seen_at`,
          args: [deviceId, host, mark],
        };
        await write([BEGIN_REVISION, ...offered, said]);
      }),
    pull: ({ deviceId }, after, limit, wish) =>
      call(wish, async () => {
        for (let most = limit; ; most *= 4) {
          const [meta, ...results] = await read([
            "SELECT rev FROM sync_meta WHERE k = 1",
            ...tables.map(({ name }) => ({
              sql: `SELECT * FROM ${name} WHERE _rev > ? AND _dev <> ? ORDER BY _rev LIMIT ?`,
              args: [BigInt(after), deviceId, BigInt(most)],
            })),
          ]);
          const revision = Number(only(meta)["rev"]);
          const cursor = safeCursor(results, most, revision);
          // One push larger than a page: its revision can only be passed as a whole.
          if (cursor <= after && cursor < revision) continue;
          const rows = results.flatMap(({ rows }, at) => {
            const table = tables[at];
            if (table === undefined) return [];
            return rows.filter((row) => Number(row["_rev"]) <= cursor).map((row) => readRow(table, row));
          });
          return { rows, cursor, revision };
        }
      }),
    buckets: (wish) =>
      call(wish, async () => {
        const [meta, ...results] = await read([
          "SELECT rev FROM sync_meta WHERE k = 1",
          ...tables.map(
            ({ name }) =>
              `SELECT _h & 255 AS bucket, count(*) AS n, sum(_h & 4294967295) AS low, sum(_h >> 32) AS high FROM ${name} GROUP BY 1 ORDER BY 1`,
          ),
        ]);
        const told = tables.map(({ name }, at) => [name, (results[at]?.rows ?? []).map(readBucket)] as const);
        return { revision: Number(only(meta)["rev"]), tables: Object.fromEntries(told) };
      }),
    bucketRows: (name, bucket, wish) =>
      call(wish, async () => {
        const table = byName.get(name);
        if (table === undefined) return new Map();
        const { rows } = await client.execute({
          sql: `SELECT ${table.key} AS k, _h FROM ${name} WHERE _h & 255 = ?`,
          args: [BigInt(bucket)],
        });
        return new Map(rows.map((row) => [readText(row, "k"), readInteger(row["_h"])]));
      }),
    scan: (name, afterKey, limit, wish) =>
      call(wish, async () => {
        const table = byName.get(name);
        if (table === undefined) return [];
        const { rows } = await client.execute({
          sql: `SELECT * FROM ${name} WHERE ${table.key} > ? ORDER BY ${table.key} LIMIT ?`,
          args: [afterKey, BigInt(limit)],
        });
        return rows.map((row) => readRow(table, row));
      }),
    claimLease: (device, accountId, from, wish) =>
      call(wish, async () => {
        const results = await write([
          {
            sql: `INSERT INTO guard_leases(account_id, device_id, host, term, seen_at, released) VALUES(?, ?, ?, 1, ${NOW}, 0)
              ON CONFLICT(account_id) DO UPDATE SET device_id = excluded.device_id, host = excluded.host,
                term = guard_leases.term + 1, seen_at = excluded.seen_at, released = 0
              WHERE guard_leases.released = 1 OR guard_leases.term = ?`,
            args: [accountId, device.deviceId, device.host, BigInt(from ?? 0)],
          },
          ...leaseOf(accountId),
        ]);
        return readLease(only(results.at(-1)));
      }),
    tellLease: (device, accountId, { term, released }, wish) =>
      call(wish, async () => {
        const results = await write([
          {
            sql: `UPDATE guard_leases SET seen_at = ${NOW}, released = ?, host = ?
              WHERE account_id = ? AND device_id = ? AND term = ? AND released = 0`,
            args: [released ? 1n : 0n, device.host, accountId, device.deviceId, BigInt(term)],
          },
          ...leaseOf(accountId),
        ]);
        const row = results.at(-1)?.rows[0];
        return row === undefined ? undefined : readLease(row);
      }),
    close() {
      client.close();
    },
  };
}

/** Up to which revision all was told: a table that filled its page may have more rows at its last one. */
function safeCursor(results: readonly ResultSet[], limit: number, revision: number): number {
  const ends = results.flatMap(({ rows }) => (rows.length < limit ? [] : [Number(rows.at(-1)?.["_rev"]) - 1]));
  return Math.min(revision, ...ends);
}

function leaseOf(accountId: AccountId): InStatement[] {
  return [{ sql: "SELECT * FROM guard_leases WHERE account_id = ?", args: [accountId] }];
}

function readLease(row: Row): DeviceLease {
  return {
    accountId: readText(row, "account_id") as AccountId,
    deviceId: readText(row, "device_id"),
    host: safeText(readText(row, "host"), 100),
    term: Number(row["term"]),
    seenAt: Number(row["seen_at"]),
    released: Number(row["released"]) === 1,
  };
}

function readBucket(row: Row): HashBucket {
  return {
    bucket: Number(row["bucket"]),
    rows: Number(row["n"]),
    low: readInteger(row["low"]),
    high: readInteger(row["high"]),
  };
}

function readInteger(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(Math.round(Number(value)));
}

function only(result: ResultSet | undefined): Row {
  const row = result?.rows[0];
  if (row === undefined) throw new Error("the remote answered without a row");
  return row;
}

function newer(address: string, found: number, known: number): AppError {
  return new AppError({
    code: "SYNC_REMOTE_NEWER",
    message: `${address} is at version ${String(found)} of the synchronisation, this program knows version ${String(known)}.`,
    notDone: "Nothing was pushed or pulled. Everything goes on locally, and what changes here waits.",
    hint: "Update tapedeck on this machine.",
    exitCode: EXIT_CODES.configuration,
  });
}
