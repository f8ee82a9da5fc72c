import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import type { Order } from "../../core/domain/order.ts";
import { isWorking } from "../../core/domain/order.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { orderJson, orderRow } from "./order-json.ts";
import { ORDER_COLUMNS } from "./order-view.ts";

interface Wanted {
  readonly all: boolean;
  readonly symbol: MarketSymbol | undefined;
  readonly limit: number;
}

export const orderLs = defineCommand({
  path: ["order", "ls"],
  summary: "List orders: those that may still trade, or all.",
  details: [
    "Asks the exchange first, so that what is listed is proven. When it cannot be reached, the stored rows are",
    "printed with a warning, and the exit code is 7.",
    'JSON: {"schema":"tapedeck.orders/1","mode":…,"orders":[…]}; NDJSON is one order a line.',
  ],
  examples: [
    { line: "tapedeck order ls", what: "what is open now" },
    { line: "tapedeck order ls --all --symbol BTCUSDT --limit 10", what: "the last ten of a market" },
    { line: "tapedeck order ls --stored --all --json", what: "what this machine's database holds, of every account" },
  ],
  options: [
    { flags: "--all", what: "ended orders, too" },
    { flags: "--symbol SYMBOL", what: "only of this market" },
    { flags: "--limit N", what: "how many, the newest first", default: "50" },
    { flags: "--stored", what: "read the database alone: no network, no keys, every account and mode" },
  ],
  next: "tapedeck order show ID",
  run: (context) => {
    const { options } = context;
    const symbol = options.text("symbol");
    const wanted: Wanted = {
      all: options.has("all"),
      symbol: symbol === undefined ? undefined : symbolOf(symbol),
      limit: options.count("limit", { min: 1, max: 100_000 }) ?? 50,
    };
    return context.withApp((app) =>
      options.has("stored") ? Promise.resolve(listStored(context, app, wanted)) : listProven(context, app, wanted),
    );
  },
});

function listStored({ print }: CommandContext, app: App, wanted: Wanted): ExitCode {
  const items = app
    .storedOrdersOfAllAccounts({})
    .filter(({ order }) => wanted.all || isWorking(order))
    .filter(({ order }) => wanted.symbol === undefined || order.symbol === wanted.symbol)
    .slice(0, wanted.limit);
  print.list({
    schema: "tapedeck.orders/1",
    itemSchema: "tapedeck.order/1",
    key: "orders",
    items,
    about: { stored: true },
    json: ({ order, mode, accountId }) => ({ mode, account: accountId, ...orderJson(order) }),
    csv: ({ order, mode, accountId }) => ({ mode, account: accountId, ...orderRow(order) }),
    columns: [
      ...ORDER_COLUMNS.map((column) => ({
        ...column,
        value: (row: (typeof items)[number]) => column.value(row.order),
      })),
      { title: "MODE", value: (row) => row.mode },
      { title: "ACCOUNT", value: (row) => row.accountId, optional: 3 },
    ],
    empty: "The database holds no such order.",
  });
  print.progress("As stored; the exchange was not asked.");
  return EXIT_CODES.ok;
}

async function listProven({ print, signal, fail }: CommandContext, app: App, wanted: Wanted): Promise<ExitCode> {
  let unreachable: AppError | undefined;
  try {
    await app.reconcile(signal);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.exitCode !== EXIT_CODES.unavailable) throw cause;
    unreachable = cause;
  }
  const { symbol, limit, all } = wanted;
  const items: readonly Order[] =
    app.stored?.orders.list({
      limit,
      ...(symbol === undefined ? {} : { symbol }),
      ...(all ? {} : { working: true }),
    }) ?? [];
  if (unreachable !== undefined)
    print.warn("The exchange was not reached: these orders are as stored, not as they are.");
  print.list({
    schema: "tapedeck.orders/1",
    itemSchema: "tapedeck.order/1",
    key: "orders",
    items,
    about: { stored: unreachable !== undefined },
    json: orderJson,
    csv: orderRow,
    columns: ORDER_COLUMNS,
    empty: all ? "There is no such order." : "No order is open. `--all` lists ended ones.",
  });
  if (unreachable === undefined) return EXIT_CODES.ok;
  const { code, message, hint } = unreachable;
  return fail({ code, message, notDone: "Nothing was changed.", hint }, EXIT_CODES.unavailable);
}
