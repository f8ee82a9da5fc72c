import { DecimalScanner, NOT_PLAIN } from "./decimal-scanner.ts";
import { ProtoReader } from "./proto-reader.ts";

/** Takes the levels of a push one by one; a quantity of zero removes the level. */
export interface LevelTarget {
  /** Each decimal as its digits and how many of them stand behind the point: 92877.58 is 9287758 and 2. */
  setExact(
    isBid: boolean,
    priceDigits: number,
    priceDecimals: number,
    quantityDigits: number,
    quantityDecimals: number,
  ): void;
  /** A level with a number that is not written plainly or has too many digits; it may be no number at all. */
  setText(isBid: boolean, price: string, quantity: string): void;
}

interface LevelText {
  readonly price: string;
  readonly quantity: string;
}

/** The tags of the levels in a body. */
export const ASKS = 0x0a;
export const BIDS = 0x12;
const PRICE = 0x0a;
const QUANTITY = 0x12;

/**
 * The levels of one push, still as they came: the bytes have been found whole, and their numbers are read when they go
 * into a book, straight into it. Nothing is made for a level, because most levels change again before anybody looks.
 */
export class DepthChanges {
  readonly #bytes: Buffer;
  /** Plain levels one after the other, with which nearly every push begins and has no others. */
  readonly #runStart: number;
  readonly #runEnd: number;
  /** Levels behind them: where plain ones begin, and the texts of those that are not. */
  #others: { readonly isBid: boolean; readonly level: number | LevelText }[] | undefined;

  /**
   * Takes the levels that stand one after the other from `start` and are as plain as nearly all of them.
   * @param bytes are kept until the changes are let go
   */
  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#runStart = start;
    this.#runEnd = endOfPlainRun(bytes, start, end);
    this.#others = undefined;
  }

  /** The first place that belongs to no level taken so far. */
  get runEnd(): number {
    return this.#runEnd;
  }

  /** Adds the level that fills the bytes from `start` to before `end`. @throws DecodeError when it is not whole */
  add(isBid: boolean, start: number, end: number): void {
    const level = isPlainLevel(this.#bytes, start, end) ? start : readTexts(this.#bytes, start, end);
    this.#others ??= [];
    this.#others.push({ isBid, level });
  }

  /** Hands over every level in the order of the wire. */
  applyTo(target: LevelTarget): void {
    const bytes = this.#bytes;
    const end = this.#runEnd;
    const scanner = new DecimalScanner();
    for (let at = this.#runStart; at < end;) at = handOver(bytes, bytes[at] === BIDS, at + 2, scanner, target);
    if (this.#others === undefined) return;
    for (const { isBid, level } of this.#others)
      if (typeof level === "number") handOver(bytes, isBid, level, scanner, target);
      else target.setText(isBid, level.price, level.quantity);
  }
}

function handOver(bytes: Buffer, isBid: boolean, start: number, scanner: DecimalScanner, target: LevelTarget): number {
  const priceEnd = start + 2 + (bytes[start + 1] as number);
  const end = priceEnd + 2 + (bytes[priceEnd + 1] as number);
  const price = scanner.scan(bytes, start + 2, priceEnd);
  const priceDecimals = scanner.decimals;
  const quantity = scanner.scan(bytes, priceEnd + 2, end);
  if (price === NOT_PLAIN || quantity === NOT_PLAIN)
    target.setText(isBid, bytes.toString("utf8", start + 2, priceEnd), bytes.toString("utf8", priceEnd + 2, end));
  else target.setExact(isBid, price, priceDecimals, quantity, scanner.decimals);
  return end;
}

/** @returns the first place, at most `end`, where something else than a plain level stands */
function endOfPlainRun(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at + 1 < end) {
    const side = bytes[at] as number;
    const length = bytes[at + 1] as number;
    const levelEnd = at + 2 + length;
    if ((side !== ASKS && side !== BIDS) || length >= 0x80 || levelEnd > end) break;
    if (!isPlainLevel(bytes, at + 2, levelEnd)) break;
    at = levelEnd;
  }
  return at;
}

/** Nearly every level is its price, its quantity and nothing else, both shorter than 128 bytes. */
function isPlainLevel(bytes: Buffer, start: number, end: number): boolean {
  if (start + 4 > end || bytes[start] !== PRICE) return false;
  const priceLength = bytes[start + 1] as number;
  const priceEnd = start + 2 + priceLength;
  if (priceLength >= 0x80 || priceEnd + 2 > end || bytes[priceEnd] !== QUANTITY) return false;
  const quantityLength = bytes[priceEnd + 1] as number;
  return quantityLength < 0x80 && priceEnd + 2 + quantityLength === end;
}

function readTexts(bytes: Buffer, start: number, end: number): LevelText {
  const reader = new ProtoReader(bytes, start, end);
  let price = "";
  let quantity = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === PRICE) price = reader.text();
    else if (tag === QUANTITY) quantity = reader.text();
    else reader.skip(tag & 7);
  }
  return { price, quantity };
}
