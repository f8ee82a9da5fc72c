import type { Database as Client } from "better-sqlite3";
import { and, desc, eq, gte, inArray, not, notInArray, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { AccountId, MarketSymbol } from "../../core/domain/identifiers.ts";
import type { OrderState } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import type { TripEvidence } from "../../core/domain/trading-state.ts";
import { ACTIVE, NEVER_SET } from "../../core/domain/trading-state.ts";
import type {
  FillStore,
  OrderStore,
  ProtectionStore,
  SettingStore,
  StoredOrder,
  TradingStateStore,
} from "../../core/ports/stores.ts";
import { decodeMoneyJson } from "./money-json.ts";
import type { Outbox } from "./outbox.ts";
import { fillKey, orderKey, protectionKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { FILL_COLUMNS, ORDER_COLUMNS, PROTECTION_COLUMNS, rowToFill, rowToOrder, rowToProtection } from "./rows.ts";
import { fills, orders, protections, settings, tradingStates } from "./schema.ts";
import { reading, storageFailed } from "./storage-error.ts";

const ORDER_STATES: Readonly<Record<OrderState, true>> = {
  submitted: true,
  open: true,
  "partially-filled": true,
  cancelling: true,
  unknown: true,
  filled: true,
  cancelled: true,
  expired: true,
  rejected: true,
  denied: true,
  "written-off": true,
};
export const WORKING_STATES = (Object.keys(ORDER_STATES) as OrderState[]).filter((state) => isWorking({ state }));
/** SQLite's word for "as many as there are". */
const NO_LIMIT = -1;

export interface StoreParts {
  readonly query: BetterSQLite3Database;
  readonly accountId: AccountId;
}

export function createOrderStore({ query, accountId }: StoreParts): OrderStore {
  const byKey = query
    .select(ORDER_COLUMNS)
    .from(orders)
    .where(and(eq(orders.key, sql.placeholder("key")), eq(orders.deleted, 0)))
    .prepare();
  // An order of ours and a trace of it under a key made from the exchange's id can stand side by side; ours says more.
  const byOrderId = query
    .select(ORDER_COLUMNS)
    .from(orders)
    .where(and(eq(orders.accountId, accountId), eq(orders.orderId, sql.placeholder("orderId")), eq(orders.deleted, 0)))
    .orderBy(desc(orders.origin))
    .limit(1)
    .prepare();

  const lists = prepareOnce(({ symbol, working }: Pick<Parameters<OrderStore["list"]>[0], "symbol" | "working">) => {
    const where = [eq(orders.accountId, accountId), eq(orders.deleted, 0)];
    if (symbol !== undefined) where.push(eq(orders.symbol, sql.placeholder("symbol")));
    if (working !== undefined) where.push(workingIs(working));
    return query
      .select(ORDER_COLUMNS)
      .from(orders)
      .where(and(...where))
      .orderBy(desc(orders.createdAt), desc(orders.key))
      .limit(sql.placeholder("limit"))
      .prepare();
  });

  const FOR_MEMORY = {
    working: workingIs(true),
    lacking: and(LACKS_FILLS, workingIs(false)),
    ended: and(workingIs(false), not(LACKS_FILLS)),
  } as const;
  const forMemory = prepareOnce((part: keyof typeof FOR_MEMORY) =>
    query
      .select(ORDER_COLUMNS)
      .from(orders)
      .where(and(eq(orders.accountId, accountId), eq(orders.deleted, 0), FOR_MEMORY[part]))
      .orderBy(desc(orders.updatedAt))
      .limit(sql.placeholder("limit"))
      .prepare(),
  );
  const traded = prepareOnce(() =>
    query
      .selectDistinct({ symbol: orders.symbol })
      .from(orders)
      .where(
        and(eq(orders.accountId, accountId), gte(orders.updatedAt, sql.placeholder("since")), eq(orders.deleted, 0)),
      )
      .union(
        query
          .selectDistinct({ symbol: fills.symbol })
          .from(fills)
          .where(and(eq(fills.accountId, accountId), gte(fills.at, sql.placeholder("since")), eq(fills.deleted, 0))),
      )
      .prepare(),
  );

  const headsOf = prepareOnce(() => {
    const head = { clientOrderId: orders.clientOrderId, state: orders.state, updatedAt: orders.updatedAt };
    const mine = [eq(orders.accountId, accountId), eq(orders.deleted, 0)];
    // Apart, because each has an index of its own.
    return query
      .select(head)
      .from(orders)
      .where(and(...mine, workingIs(true)))
      .union(
        query
          .select(head)
          .from(orders)
          .where(and(...mine, gte(orders.updatedAt, sql.placeholder("since")))),
      )
      .prepare();
  });

  return {
    list(filter) {
      const { symbol, working, limit } = filter;
      const statement = lists(`${String(symbol !== undefined)} ${String(working)}`, filter);
      return reading("The orders", () =>
        statement()
          .all({ symbol, limit: limit ?? NO_LIMIT })
          .map(rowToOrder),
      );
    },
    find(key) {
      const row = reading("The orders", () =>
        "clientOrderId" in key
          ? byKey.get({ key: orderKey(accountId, key.clientOrderId) })
          : byOrderId.get({ orderId: key.orderId }),
      );
      return row === undefined ? undefined : rowToOrder(row);
    },
    listForMemory: (endedLimit) =>
      reading("The orders", () => {
        // Apart, because each has an index of its own.
        const working = forMemory("working", "working")().all({ limit: NO_LIMIT });
        const lacking = forMemory("lacking", "lacking")().all({ limit: NO_LIMIT });
        const ended = forMemory("ended", "ended")().all({ limit: endedLimit });
        return [...working, ...lacking, ...ended].map(rowToOrder);
      }),
    heads: (since) => reading("The orders", () => headsOf("", undefined)().all({ since })),
    symbolsSince(since) {
      const rows = reading("The orders", () => traded("", undefined)().all({ since }));
      return new Set<MarketSymbol>(rows.map(({ symbol }) => symbol));
    },
  };
}

/**
 * Statements by what they filter on, each prepared when it is first run: building the text of one costs more than running
 * it does.
 */
function prepareOnce<F, S>(prepare: (filter: F) => S): (asked: string, filter: F) => () => S {
  const prepared = new Map<string, S>();
  return (asked, filter) => () => {
    const known = prepared.get(asked) ?? prepare(filter);
    prepared.set(asked, known);
    return known;
  };
}

/** Executed more than its fills show. Money is its shortest text, so equal amounts are equal texts. */
const LACKS_FILLS = sql`${orders.reportedQuantity} <> ${orders.filledQuantity}`;

function workingIs(working: boolean): SQL {
  return working ? inArray(orders.state, WORKING_STATES) : notInArray(orders.state, WORKING_STATES);
}

/** Orders of every account and mode in the file, newest first. */
export function listAllOrders(
  query: BetterSQLite3Database,
  filter: { readonly limit?: number },
): readonly StoredOrder[] {
  return reading("The orders", () =>
    query
      .select(ORDER_COLUMNS)
      .from(orders)
      .where(eq(orders.deleted, 0))
      .orderBy(desc(orders.createdAt), desc(orders.key))
      .limit(filter.limit ?? NO_LIMIT)
      .all()
      .map((row) => ({ order: rowToOrder(row), accountId: row.accountId, mode: row.mode })),
  );
}

export function createFillStore({ query, accountId }: StoreParts): FillStore {
  const byKey = query
    .select({ key: fills.key })
    .from(fills)
    .where(and(eq(fills.key, sql.placeholder("key")), eq(fills.deleted, 0)))
    .prepare();
  // One statement however many orders: SQLite unfolds the list, and looks each up in the index.
  const byOrderIds = query
    .select(FILL_COLUMNS)
    .from(fills)
    .where(
      and(
        eq(fills.accountId, accountId),
        sql`${fills.orderId} IN (SELECT value FROM json_each(${sql.placeholder("orderIds")}))`,
        eq(fills.deleted, 0),
      ),
    )
    .prepare();

  const lists = prepareOnce(({ orderId, symbol, since }: Omit<Parameters<FillStore["list"]>[0], "limit">) => {
    const where = [eq(fills.accountId, accountId), eq(fills.deleted, 0)];
    if (orderId !== undefined) where.push(eq(fills.orderId, sql.placeholder("orderId")));
    if (symbol !== undefined) where.push(eq(fills.symbol, sql.placeholder("symbol")));
    if (since !== undefined) where.push(gte(fills.at, sql.placeholder("since")));
    return (
      query
        .select(FILL_COLUMNS)
        .from(fills)
        .where(and(...where))
        // An order's few are sorted; by their time SQLite would go through all there are.
        .orderBy(orderId === undefined ? desc(fills.at) : desc(sql`+${fills.at}`), desc(fills.key))
        .limit(sql.placeholder("limit"))
        .prepare()
    );
  });

  return {
    list(filter) {
      const { orderId, symbol, since, limit } = filter;
      const asked = [orderId, symbol, since].map((one) => String(one !== undefined)).join(" ");
      const statement = lists(asked, filter);
      return reading("The fills", () =>
        statement()
          .all({ orderId, symbol, since, limit: limit ?? NO_LIMIT })
          .map(rowToFill),
      );
    },
    ofOrders: (orderIds) =>
      reading("The fills", () => byOrderIds.all({ orderIds: JSON.stringify(orderIds) }).map(rowToFill)),
    has: (fill) => reading("The fills", () => byKey.get({ key: fillKey(accountId, fill) })) !== undefined,
  };
}

export function createProtectionStore({ query, accountId }: StoreParts): ProtectionStore {
  const byKey = query
    .select(PROTECTION_COLUMNS)
    .from(protections)
    .where(and(eq(protections.key, sql.placeholder("key")), eq(protections.deleted, 0)))
    .prepare();
  const lists = prepareOnce(({ armed }: { readonly armed: boolean | undefined }) => {
    const where = [eq(protections.accountId, accountId), eq(protections.deleted, 0)];
    if (armed !== undefined) where.push(eq(protections.state, armed ? "armed" : "ended"));
    return query
      .select(PROTECTION_COLUMNS)
      .from(protections)
      .where(and(...where))
      .orderBy(protections.createdAt, protections.key)
      .prepare();
  });
  return {
    find(protectionId) {
      const row = reading("The protections", () => byKey.get({ key: protectionKey(accountId, protectionId) }));
      return row === undefined ? undefined : rowToProtection(row);
    },
    list({ armed }) {
      const statement = lists(String(armed), { armed });
      return reading("The protections", () => statement().all().map(rowToProtection));
    },
  };
}

export function createTradingStateStore({ query, accountId }: StoreParts): TradingStateStore {
  const byKey = query
    .select({
      kind: tradingStates.kind,
      reason: tradingStates.reason,
      by: tradingStates.by,
      evidence: tradingStates.evidence,
      at: tradingStates.updatedAt,
    })
    .from(tradingStates)
    .where(and(eq(tradingStates.key, accountId), eq(tradingStates.deleted, 0)))
    .prepare();
  return {
    read() {
      const row = reading("The trading state", () => byKey.get());
      if (row === undefined) return NEVER_SET;
      const { kind, reason, by, at } = row;
      const evidence = reading("The trading state", () => decodeMoneyJson(row.evidence)) as readonly TripEvidence[];
      return { state: kind === "active" && reason === "" ? ACTIVE : { kind, reason }, by, at, evidence };
    },
  };
}

export function createSettingStore(parts: {
  readonly client: Client;
  readonly query: BetterSQLite3Database;
  readonly outbox: Outbox;
}): SettingStore {
  const rows = createRowWriter(parts.client, parts.outbox, settings, "replace");
  const byKey = parts.query
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.key, sql.placeholder("key")), eq(settings.deleted, 0)))
    .prepare();
  const save = parts.client.transaction((key: string, value: string) => {
    rows.write({ key, value }, parts.outbox.stamp());
  });
  return {
    get: (key) => reading("The settings", () => byKey.get({ key })?.value),
    set(key, value) {
      try {
        save.immediate(key, value);
      } catch (cause) {
        throw storageFailed("The setting could not be written", cause);
      }
    },
  };
}
