import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { Notional, Price, Quantity, Ratio } from "../../../core/domain/money.ts";
import { parseNotional, parsePrice, parseQuantity, parseRatio } from "../../../core/domain/money.ts";
import { safeText } from "../../../core/domain/safe-text.ts";

/** The exchange answered, and what it said cannot be what it means. */
export function unreadable(what: string): AppError {
  return new AppError({
    code: "EXCHANGE_ANSWER_UNREADABLE",
    message: `The exchange's answer cannot be read: ${safeText(what)}.`,
    notDone: "Nothing was changed.",
    hint: "Try again; if it stays, please report it.",
    exitCode: EXIT_CODES.unavailable,
  });
}

export function readPrice(text: string): Price {
  return read(text, parsePrice, "a price");
}
export function readQuantity(text: string): Quantity {
  return read(text, parseQuantity, "a quantity");
}
/** Fees can carry a 19th decimal; rounding them up never makes us look richer. */
export function readFee(text: string): Quantity {
  return read(text, (it) => parseQuantity(it, "up"), "a fee");
}
export function readNotional(text: string): Notional {
  return read(text, (it) => parseNotional(it, "half-even"), "an amount");
}
export function readRatio(text: string): Ratio {
  return read(text, parseRatio, "a rate");
}

function read<T>(text: string, parse: (text: string) => T | undefined, what: string): T {
  const value = parse(text);
  if (value === undefined) throw unreadable(`"${safeText(text, 40)}" is not ${what}`);
  return value;
}
