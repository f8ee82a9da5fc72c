import type { App } from "../../app/app.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import type { OrderDraft } from "../../core/domain/order.ts";
import type { GrammarProblem, OrderWords } from "../../core/domain/order-grammar.ts";
import { draftFromWords, parseOrderWords } from "../../core/domain/order-grammar.ts";
import type { ArgumentSpec, CommandContext, OptionSpec } from "../define-command.ts";
import { findInstrument } from "../market/find-instrument.ts";
import { usageError } from "../usage-error.ts";

export const ORDER_ARGUMENTS: readonly ArgumentSpec[] = [
  {
    name: "ORDER...",
    what: "buy|sell SYMBOL SIZE [@ PRICE]; SIZE is in base, `50 usdt` in quote, no @ is a market order",
  },
];

export const ORDER_FLAGS: readonly OptionSpec[] = [
  { flags: "--post-only", what: "never take: refused when it would trade at once" },
  { flags: "--ioc", what: "trade at once what can, give back the rest" },
  { flags: "--fok", what: "trade all at once or nothing" },
  { flags: "--client-id ID", what: "your own id, 1 to 32 letters, digits, _ and -", default: "one is made" },
];

/** Reads the words of the command line. @throws AppError ORDER_UNCLEAR, naming the word that does not fit. */
export function readOrderWords({ args, options }: CommandContext): OrderWords {
  const flags = ["post-only", "ioc", "fok"].filter((name) => options.has(name)).map((name) => `--${name}`);
  const id = options.text("client-id");
  const parsed = parseOrderWords([...args, ...flags, ...(id === undefined ? [] : ["--client-id", id])]);
  if (parsed.kind === "problem") throw unclear(parsed);
  return parsed.words;
}

/** The market of the words, and the draft they mean there. @throws AppError SYMBOL_UNKNOWN, ORDER_UNCLEAR. */
export async function draftOrder(
  app: App,
  words: OrderWords,
  signal: AbortSignal,
): Promise<{ readonly instrument: Instrument; readonly draft: OrderDraft }> {
  const instrument = await findInstrument(app, words.symbol, signal);
  const drafted = draftFromWords(words, instrument);
  if (drafted.kind === "problem") throw unclear(drafted);
  return { instrument, draft: drafted.draft };
}

/** Puts in front of the order what the trader sees now: the price on the other side of the book, with its time. */
export async function withSeenPrice(app: App, draft: OrderDraft, signal: AbortSignal): Promise<OrderDraft> {
  const at = app.now();
  const top = await app.marketData.fetchBookTop(draft.symbol, signal);
  const level = draft.side === "buy" ? top.ask : top.bid;
  return level === undefined ? draft : { ...draft, seen: { price: level.price, at } };
}

function unclear(problem: GrammarProblem) {
  return usageError(problem.message, problem.hint, "ORDER_UNCLEAR");
}
