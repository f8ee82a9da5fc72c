import { MONEY_DECIMALS } from "../../../core/domain/money.ts";

const ZERO = 0x30;
const POINT = 0x2e - ZERO;
/** Characters whose digits surely fit into 32 bits; nearly all decimals of the stream have no more. */
const SHORT = 9;

/** In the place of the digits of what is no plain decimal. */
export const NOT_PLAIN = -1;

/** Reads decimals straight from bytes, as whole numbers that are exact. It is used again and again, and makes nothing. */
export class DecimalScanner {
  /** How many of the digits scanned last stand behind the point. */
  decimals = 0;

  /**
   * Scans the bytes from `start` to before `end`.
   * @returns all digits as one whole number; `NOT_PLAIN` unless the text is digits with at most one point inside, and no
   * more of them than a safe integer and the decimals of money can hold
   */
  scan(bytes: Buffer, start: number, end: number): number {
    if (end - start > SHORT) return this.#scanLong(bytes, start, end);
    let digits = 0;
    let pointAt = end;
    for (let at = start; at < end; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      // Whole numbers of 32 bits, in which the processor adds and multiplies in half the time.
      if (digit >>> 0 <= 9) digits = (digits * 10 + digit) | 0;
      else if (digit === POINT && pointAt === end && at > start) pointAt = at + 1;
      else return NOT_PLAIN;
    }
    this.decimals = end - pointAt;
    return start === end ? NOT_PLAIN : digits;
  }

  /** Scans a text as REST writes it. */
  scanText(text: string): number {
    const bytes = Buffer.from(text);
    return this.scan(bytes, 0, bytes.length);
  }

  #scanLong(bytes: Buffer, start: number, end: number): number {
    let digits = 0;
    let pointAt = end;
    for (let at = start; at < end; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit >>> 0 <= 9) digits = digits * 10 + digit;
      else if (digit === POINT && pointAt === end && at > start) pointAt = at + 1;
      else return NOT_PLAIN;
    }
    const decimals = end - pointAt;
    this.decimals = decimals;
    // Once beyond what is exact, further digits never bring the number back into it.
    return digits > Number.MAX_SAFE_INTEGER || decimals > MONEY_DECIMALS ? NOT_PLAIN : digits;
  }
}
