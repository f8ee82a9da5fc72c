import type { App } from "../../app/app.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { MarketSymbol } from "../../core/domain/identifiers.ts";
import { clientOrderId, orderId } from "../../core/domain/identifiers.ts";
import type { OrderPart } from "../../core/domain/order-part.ts";
import { partOf } from "../../core/domain/order-part.ts";
import type { Order } from "../../core/domain/order.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { OptionReader } from "../parse/option-reader.ts";
import { readWord } from "../parse/read-word.ts";

/** An order this account's database holds, by our id or the exchange's: both look alike, so both are tried. */
export function findStoredOrder(app: App, id: string): Order | undefined {
  return (
    app.stored?.orders.find({ clientOrderId: clientOrderId(id) }) ?? app.stored?.orders.find({ orderId: orderId(id) })
  );
}

/** An order we do not hold, asked of the exchange; that needs its symbol. */
export async function findForeignOrder(
  app: App,
  id: string,
  symbol: MarketSymbol,
  signal: AbortSignal,
): Promise<Order | undefined> {
  return (
    (await app.refreshOrder({ orderId: orderId(id) }, symbol, signal)) ??
    (await app.refreshOrder({ clientOrderId: clientOrderId(id) }, symbol, signal))
  );
}

/** The one that an ID means, here or, with its market, at the exchange. */
export async function findOrder(
  app: App,
  id: string,
  symbol: MarketSymbol | undefined,
  signal: AbortSignal,
): Promise<Order | undefined> {
  return findStoredOrder(app, id) ?? (symbol === undefined ? undefined : findForeignOrder(app, id, symbol, signal));
}

/** @throws AppError USAGE for a word that can be no market. */
export function readMarketOption(options: OptionReader): MarketSymbol | undefined {
  const word = options.text("symbol");
  return word === undefined ? undefined : symbolOf(readWord(word, "market"));
}

/** What the order is to a protection, armed or ended. */
export function protectionPart(app: App, order: Order): OrderPart | undefined {
  return partOf(order.clientOrderId, app.store.getState().trading.protections.values());
}

export function storedFills(app: App, order: Order): readonly Fill[] {
  return order.orderId === undefined ? [] : (app.stored?.fills.list({ orderId: order.orderId }) ?? []);
}

export function orderNotFound(id: string, notDone: string): AppError {
  return new AppError({
    code: "ORDER_NOT_FOUND",
    message: `Neither this console nor the exchange's open orders know ${safeText(id, 64)}.`,
    notDone,
    hint: "See `tapedeck order ls`, or name the market with --symbol to ask the exchange for an older order.",
    exitCode: EXIT_CODES.failure,
  });
}
