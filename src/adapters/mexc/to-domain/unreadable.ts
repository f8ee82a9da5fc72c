import { z } from "zod";
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

/** Decimals come as text, or from the stream in money's units already. */
type Decimal = string | bigint;

export function readPrice(text: Decimal): Price {
  return notNegative(read(text, parsePrice, "a price"), "a price");
}
export function readQuantity(text: Decimal): Quantity {
  return notNegative(
    read(text, (it) => parseQuantity(it), "a quantity"),
    "a quantity",
  );
}
/** Fees can carry a 19th decimal; rounding them up never makes us look richer. */
export function readFee(text: string): Quantity {
  return read(text, (it) => parseQuantity(it, "up"), "a fee");
}
export function readNotional(text: Decimal): Notional {
  return notNegative(
    read(text, (it) => parseNotional(it, "half-even"), "an amount"),
    "an amount",
  );
}
export function readRatio(text: Decimal): Ratio {
  return read(text, parseRatio, "a rate");
}

/** Beyond this no moment can be written as a date. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** Milliseconds since 1970, as REST gives them. */
export const timeSchema = z.int().min(0).max(LAST_MOMENT);

/** The first of several times that is given; the stream leaves out what is zero. */
export function readTime(...candidates: readonly number[]): number {
  const at = candidates.find((candidate) => candidate !== 0);
  if (at === undefined || !Number.isSafeInteger(at) || at < 0 || at > LAST_MOMENT) throw unreadable("a time is none");
  return at;
}

/** An identifier that is a key to us: without it the row cannot be told from others. */
export function readKey(text: string, what: string, max = 80): string {
  if (text === "") throw unreadable(`${what} is missing`);
  return safeText(text, max);
}

/** A name that goes back to the exchange: one that had to be made safe would no longer name the same thing. */
export function readName(text: string, what: string, max = 80): string {
  const safe = readKey(text, what, max);
  if (safe !== text) throw unreadable(`"${safe}" is not ${what}`);
  return text;
}

/**
 * Reads the rows of a list. A row that cannot be read goes to `skip`, or fails the list when there is none or when no
 * row can be read: then it is the format that has changed.
 */
export function readRows<T>(
  rows: readonly unknown[],
  readRow: (row: unknown) => T,
  skip: ((what: string) => void) | undefined,
): readonly T[] {
  const whole: T[] = [];
  let fault: AppError | undefined;
  for (const row of rows) {
    try {
      whole.push(readRow(row));
    } catch (cause) {
      fault = faultOfRow(cause);
      if (skip === undefined) throw fault;
      skip(fault.message);
    }
  }
  if (fault !== undefined && whole.length === 0) throw fault;
  return whole;
}

function faultOfRow(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (!(cause instanceof z.ZodError)) throw cause;
  const [issue] = cause.issues;
  return unreadable(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

function notNegative<M extends bigint>(value: M, what: string): M {
  if (value < 0n) throw unreadable(`${what} is negative`);
  return value;
}

function read<T extends bigint>(text: Decimal, parse: (text: string) => T | undefined, what: string): T {
  if (typeof text === "bigint") return text as T;
  const value = parse(text);
  if (value === undefined) throw unreadable(`"${safeText(text, 40)}" is not ${what}`);
  return value;
}
