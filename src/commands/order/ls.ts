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
import { findInstrument } from "../market/find-instrument.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";
import { lookColumns, lookJson } from "./look-words.ts";
import { orderJson, orderRow } from "./order-json.ts";
import { ORDER_COLUMNS } from "./order-view.ts";

const DEFAULT_LIMIT = 50;

interface Wanted {
  readonly openOnly: boolean;
  readonly symbol: MarketSymbol | undefined;
  readonly limit: number;
}

export const orderLs = defineCommand({
  path: ["order", "ls"],
  summary: "List orders, the newest first; whatever may still trade is always among them.",
  details: [
    "Asks the exchange first, so that what is listed is proven. When it cannot be asked, the stored rows are printed",
    "with their age in a warning, and the exit code is 7, or 3 when it is this machine's clock that is wrong.",
    "Of an order whose outcome is unknown it is said when it was last asked for, by which process it will be again, or that",
    "nobody asks: `tapedeck reconcile` does.",
    'JSON: {"schema":"tapedeck.orders/1","mode":…,"orders":[…]}; NDJSON is one order a line.',
  ],
  examples: [
    { line: "tapedeck order ls", what: "the latest orders" },
    { line: "tapedeck order ls --open", what: "only what may still trade" },
    { line: "tapedeck order ls --symbol BTCUSDT --limit 10", what: "the last ten of a market" },
    { line: "tapedeck order ls --stored --json", what: "what this machine's database holds, of every account" },
  ],
  options: [
    { flags: "--open", what: "only orders that may still trade" },
    { flags: "--all", what: "every ended order, however many" },
    { flags: "--symbol SYMBOL", what: "only of this market" },
    { flags: "--limit N", what: "how many ended orders at most", default: String(DEFAULT_LIMIT) },
    { flags: "--stored", what: "read the database alone: no network, no keys, every account and mode" },
  ],
  next: "tapedeck order show ID",
  run: (context) => {
    const { options } = context;
    const symbol = options.text("symbol");
    if (options.has("all") && (options.has("open") || options.text("limit") !== undefined))
      throw usageError("--all excludes --open and --limit.", "Give one of them.");
    const wanted: Wanted = {
      openOnly: options.has("open"),
      symbol: symbol === undefined ? undefined : symbolOf(readWord(symbol, "market")),
      limit: options.has("all")
        ? Number.POSITIVE_INFINITY
        : (options.count("limit", { min: 1, max: 100_000 }) ?? DEFAULT_LIMIT),
    };
    return context.withApp((app) =>
      options.has("stored") ? Promise.resolve(listStored(context, app, wanted)) : listProven(context, app, wanted),
    );
  },
});

function listStored({ print }: CommandContext, app: App, wanted: Wanted): ExitCode {
  const items = choose(
    app
      .storedOrdersOfAllAccounts({})
      .filter(({ order }) => wanted.symbol === undefined || order.symbol === wanted.symbol),
    ({ order }) => isWorking(order),
    wanted,
  );
  print.list({
    schema: "tapedeck.orders/1",
    itemSchema: "tapedeck.order/1",
    key: "orders",
    items,
    about: { stored: true },
    json: ({ order, mode, accountId }) => ({
      mode,
      account: accountId,
      ...orderJson(order),
      ...lookJson(app, order),
    }),
    csv: ({ order, mode, accountId }) => ({ mode, account: accountId, ...orderRow(order) }),
    columns: [
      ...[
        ...ORDER_COLUMNS,
        ...lookColumns(
          app,
          items.map(({ order }) => order),
        ),
      ].map((column) => ({
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

async function listProven({ print, io, signal, fail }: CommandContext, app: App, wanted: Wanted): Promise<ExitCode> {
  const { symbol, openOnly } = wanted;
  const listed = () => app.stored?.orders.list(symbol === undefined ? {} : { symbol }) ?? [];
  let unasked: AppError | undefined;
  try {
    await app.reconcile(signal);
    // Nothing of a market may mean that there is no such market; what is left of one that is gone stays listed.
    if (symbol !== undefined && listed().length === 0) await findInstrument(app, symbol, signal);
  } catch (cause) {
    if (!(cause instanceof AppError) || !leavesUnasked(cause)) throw cause;
    unasked = cause;
  }
  const items: readonly Order[] = choose(listed(), isWorking, wanted);
  if (unasked !== undefined) {
    const newest = Math.max(...items.map((order) => order.updatedAt));
    const age = items.length === 0 ? "" : `; the newest word of them is ${inWords(io.now() - newest)} old`;
    print.warn(`The exchange could not be asked: these orders are as stored, not as they are${age}.`);
  }
  print.list({
    schema: "tapedeck.orders/1",
    itemSchema: "tapedeck.order/1",
    key: "orders",
    items,
    about: { stored: unasked !== undefined },
    json: (order) => ({ ...orderJson(order), ...lookJson(app, order) }),
    csv: orderRow,
    columns: [...ORDER_COLUMNS, ...lookColumns(app, items)],
    empty: openOnly ? "No order is open." : "There is no order.",
  });
  if (unasked === undefined) return EXIT_CODES.ok;
  const { code, message, hint, exitCode } = unasked;
  return fail({ code, message, notDone: "Nothing was changed.", hint }, exitCode);
}

/** With a wrong clock no signed question is sent, as with no network. What is stored is right either way. */
function leavesUnasked({ code, exitCode }: AppError): boolean {
  return exitCode === EXIT_CODES.unavailable || code === "CLOCK_OFFSET_TOO_LARGE";
}

function inWords(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** All that may still trade, and the newest of the ended ones; the order of the rows stays. */
function choose<T>(rows: readonly T[], isOpen: (row: T) => boolean, { openOnly, limit }: Wanted): readonly T[] {
  let room = openOnly ? 0 : limit;
  return rows.filter((row) => isOpen(row) || (room -= 1) >= 0);
}
