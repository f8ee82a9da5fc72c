import { stepOfDecimals } from "../../../core/domain/money.ts";
import { DecimalScanner, NOT_PLAIN } from "./decimal-scanner.ts";
import type { ProtoReader } from "./proto-reader.ts";

/**
 * A decimal of the stream in money's units when it is written plainly, as nearly all are, with no text made on the way;
 * otherwise its text, which may be no number at all.
 */
export type WireDecimal = bigint | string;

const MINUS = 0x2d;
const scanner = new DecimalScanner();

/** Reads a length-delimited field that holds a decimal. */
export function readDecimal(reader: ProtoReader): WireDecimal {
  const start = reader.passBlock();
  const { bytes, at: end } = reader;
  const isNegative = start < end && bytes[start] === MINUS;
  const digits = scanner.scan(bytes, isNegative ? start + 1 : start, end);
  if (digits === NOT_PLAIN) return bytes.toString("utf8", start, end);
  return BigInt(isNegative ? -digits : digits) * stepOfDecimals(scanner.decimals);
}
