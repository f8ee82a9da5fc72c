import type { App } from "../../app/app.ts";
import type { AskedOrder } from "../../core/domain/asked-order.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { BracketResult } from "../../core/domain/bracket.ts";
import { planBracket } from "../../core/domain/bracket.ts";
import type { AskedExits } from "../../core/domain/exit-words.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { OrderWords } from "../../core/domain/order-grammar.ts";
import { askFromWords, formatDraft } from "../../core/domain/order-grammar.ts";
import type { KnownBalances, OrderPlan } from "../../core/domain/order-plan.ts";
import { planOrder } from "../../core/domain/order-plan.ts";
import type { KnownBook } from "../../core/domain/plan-execution.ts";
import { PLANNED_LEVELS } from "../../core/domain/plan-execution.ts";
import type { OrderDraft, SeenQuote } from "../../core/domain/order.ts";
import { findInstrument } from "../market/find-instrument.ts";
import { unclear } from "./order-arguments.ts";

/** An order as it was asked for, with what it comes to on its market. */
export interface PlannedOrder {
  readonly instrument: Instrument;
  readonly asked: AskedOrder;
  readonly plan: OrderPlan;
  readonly exits: AskedExits | undefined;
  /** The levels of the exits in numbers. */
  readonly bracket: Extract<BracketResult, { kind: "bracket" }> | undefined;
  /** The canonical words of the plan. */
  readonly order: string;
}

/**
 * Holds the words against the market, the balances and the price of this moment.
 * @param look `top` asks only for the best price, `book` for what stands behind it, too
 * @throws AppError SYMBOL_UNKNOWN, ORDER_UNCLEAR, ORDER_NOT_PLANNED, or unavailable
 */
export async function planAsked(
  app: App,
  words: OrderWords,
  look: "top" | "book",
  signal: AbortSignal,
): Promise<PlannedOrder> {
  const instrument = await findInstrument(app, words.symbol, signal);
  const read = askFromWords(words, instrument);
  if (read.kind === "problem") throw unclear(read);
  const balances = await readBalances(app, look, signal);
  const { seen, book } = await readMarket(app, read.asked, instrument, look, signal);
  const asked: AskedOrder = { ...read.asked, ...(seen === undefined ? {} : { seen }) };
  const terms = look === "book" ? await app.readFeeTerms(instrument, signal) : undefined;
  const result = planOrder(asked, instrument, balances, book, terms);
  if (result.kind === "impossible") throw notPlanned(result.why);
  const { plan } = result;
  const { exits } = words;
  const bracket = exits === undefined ? undefined : planBracket(exits, plan.draft, instrument);
  if (bracket?.kind === "impossible") throw notPlanned(bracket.why, bracket.code);
  return { instrument, asked, plan, exits, bracket, order: formatDraft(plan.draft, instrument, exits) };
}

/** An order goes out only on balances of this moment; a look without an account goes on without them. */
async function readBalances(app: App, look: "top" | "book", signal: AbortSignal): Promise<KnownBalances> {
  if (look === "book" && app.accountId === undefined) return undefined;
  await app.reconcile(signal);
  return app.store.getState().trading.balances;
}

async function readMarket(
  app: App,
  { side }: Pick<AskedOrder, "side">,
  { symbol }: Instrument,
  look: "top" | "book",
  signal: AbortSignal,
): Promise<{ readonly seen: SeenQuote | undefined; readonly book: KnownBook | undefined }> {
  // A price is dated by the asking: it is never taken for newer than it is.
  const at = app.now();
  const seenAt = (level: { readonly price: SeenQuote["price"] } | undefined) =>
    level === undefined ? undefined : { price: level.price, at };
  if (look === "top") {
    const top = await app.marketData.fetchBookTop(symbol, signal);
    return { seen: seenAt(side === "buy" ? top.ask : top.bid), book: undefined };
  }
  const book = await app.marketData.fetchBook(symbol, PLANNED_LEVELS, signal);
  return { seen: seenAt((side === "buy" ? book.asks : book.bids)[0]), book };
}

/**
 * The draft to send. What was computed is rounded as the plan says; numbers that were given are sent as they are, and
 * denied where they do not lie on the market's grid, unless rounding was asked for.
 */
export function draftToSend({ asked, plan }: PlannedOrder, rounds: boolean): OrderDraft {
  if (rounds) return plan.draft;
  const { draft } = plan;
  const size = asked.size.kind === draft.size.kind ? asked.size : draft.size;
  const limitPrice = asked.price?.kind === "fixed" ? asked.price.price : draft.limitPrice;
  return { ...draft, size, ...(limitPrice === undefined ? {} : { limitPrice }) };
}

/** @param denied the rule that speaks against it, where one does */
function notPlanned(why: string, denied?: string): AppError {
  return new AppError({
    code: denied ?? "ORDER_NOT_PLANNED",
    message: `The order cannot be worked out: ${why}.`,
    notDone: "No order was sent.",
    hint: "Give sizes, prices and levels as plain numbers that fit the market; --explain shows what they come to.",
    exitCode: denied === undefined ? EXIT_CODES.failure : EXIT_CODES.denied,
  });
}
