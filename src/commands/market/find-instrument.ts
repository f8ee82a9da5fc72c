import type { App } from "../../app/app.ts";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import type { Instrument } from "../../core/domain/instrument.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { readWord } from "../parse/read-word.ts";
import { didYouMean, suggest } from "../../core/domain/suggest.ts";

/** @throws AppError SYMBOL_UNKNOWN, with the symbols that were probably meant. */
export async function findInstrument(app: App, word: string, signal: AbortSignal): Promise<Instrument> {
  const symbol = symbolOf(readWord(word, "market"));
  try {
    return await app.readInstrument(symbol, signal);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "SYMBOL_UNKNOWN") throw cause;
  }
  const all = await app.marketData.fetchInstruments(undefined, signal);
  const near = suggest(
    symbol,
    all.map((instrument) => instrument.symbol),
  );
  throw new AppError({
    code: "SYMBOL_UNKNOWN",
    message: `The exchange lists no symbol ${safeText(symbol, 40)}.`,
    notDone: "Nothing was sent.",
    hint: didYouMean(near) ?? "See `tapedeck market ls --search TEXT`.",
    exitCode: EXIT_CODES.usage,
  });
}
