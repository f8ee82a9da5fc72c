import type { GrammarProblem, OrderWords } from "../../core/domain/order-grammar.ts";
import { parseOrderWords } from "../../core/domain/order-grammar.ts";
import type { AppError } from "../../core/domain/errors.ts";
import type { ArgumentSpec, CommandContext, OptionSpec } from "../define-command.ts";
import { usageError } from "../usage-error.ts";

export const ORDER_ARGUMENTS: readonly ArgumentSpec[] = [
  {
    name: "ORDER...",
    what: "buy|sell SYMBOL SIZE [@ PRICE] [tp LEVEL[:SHARE]]… [sl LEVEL]; SIZE is in base, `50 usdt` in quote, `25%` of what is free; no @ is a market order",
  },
];

export const ORDER_FLAGS: readonly OptionSpec[] = [
  { flags: "--post-only", what: "never take: refused when it would trade at once" },
  { flags: "--ioc", what: "trade at once what can, give back the rest" },
  { flags: "--fok", what: "trade all at once or nothing" },
  {
    flags: "--round",
    what: "round numbers that are off the market's grid, as --explain shows, instead of denying them",
  },
  { flags: "--explain", what: "show every step from what was asked to what it costs; send nothing" },
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

/** What is wrong with the words, for the one who typed them. */
export function unclear(problem: GrammarProblem): AppError {
  return usageError(problem.message, problem.hint, "ORDER_UNCLEAR");
}
