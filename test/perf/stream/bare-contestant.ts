import type { Contestant } from "./contestant.ts";
import type { Recording, StreamKind } from "./recording.ts";

/** Which fields of a body hold items, and which fields of an item are decimals or texts; a bit a field number. */
interface Shape {
  readonly items: number;
  readonly versions: number;
  readonly decimals: number;
  readonly texts: number;
}

const bits = (...fields: readonly number[]) => fields.reduce((mask, field) => mask | (1 << field), 0);
const DEPTH: Shape = { items: bits(1, 2), versions: bits(4, 5), decimals: bits(1, 2), texts: 0 };
export const SHAPES: Readonly<Record<StreamKind, Shape>> = {
  depth: DEPTH,
  "limit-depth": DEPTH,
  deals: { items: bits(1), versions: 0, decimals: bits(1, 2), texts: bits(5) },
  "mini-tickers": { items: bits(1), versions: 0, decimals: bits(2, 3, 4, 5, 6, 7, 8), texts: bits(1) },
};

const FIRST_BODY = 301;
const MINUS = 0x2d - 0x30;

/** What a bare loop has read, so that it cannot be said to have skipped anything. */
export interface BareReading {
  decimals: number;
  /** The digits of all decimals, each read as one whole number with its sign, added up. */
  digits: number;
  /** How many of the digits stood behind a point. */
  behindPoint: number;
  /** Characters of texts; of the decimals too when they are read as text. */
  characters: number;
}

/**
 * The limit: the same bytes walked once with nothing around it. It reads the same fields, names as strings, versions and
 * times as numbers, and each decimal as its digits and the place of its point (or as a string, like a decoder that knows
 * no more than the schema). It checks no bounds and no digits, knows no other order, keeps no book and makes no object.
 */
export function createBareContestant({ frames, kind }: Recording, decimalsAsText: boolean): Contestant {
  const shape = SHAPES[kind];
  let reading: BareReading = nothingRead();
  let at = 0;
  let named = 0;

  function varint(bytes: Buffer): number {
    let byte = bytes[at] as number;
    at += 1;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let factor = 128; byte >= 0x80; factor *= 128) {
      byte = bytes[at] as number;
      at += 1;
      value += (byte & 0x7f) * factor;
    }
    return value;
  }

  function decimal(bytes: Buffer, start: number, end: number): void {
    let digits = 0;
    let pointAt = end;
    let sign = 1;
    for (let place = start; place < end; place += 1) {
      const digit = (bytes[place] as number) - 0x30;
      if (digit >= 0) digits = digits * 10 + digit;
      else if (digit === MINUS) sign = -1;
      else pointAt = place + 1;
    }
    reading.decimals += 1;
    reading.digits += digits * sign;
    reading.behindPoint += end - pointAt;
  }

  function whole(bytes: Buffer, start: number, end: number): number {
    let value = 0;
    for (let place = start; place < end; place += 1) value = value * 10 + (bytes[place] as number) - 0x30;
    return value;
  }

  function item(bytes: Buffer, end: number): void {
    while (at < end) {
      const tag = bytes[at] as number;
      at += 1;
      if ((tag & 7) === 0) {
        named += varint(bytes);
        continue;
      }
      const length = varint(bytes);
      const field = 1 << (tag >> 3);
      if ((field & shape.decimals) !== 0 && !decimalsAsText) decimal(bytes, at, at + length);
      else if ((field & (shape.texts | shape.decimals)) !== 0)
        reading.characters += bytes.toString("utf8", at, at + length).length;
      at += length;
    }
  }

  function body(bytes: Buffer, end: number): void {
    while (at < end) {
      const tag = bytes[at] as number;
      at += 1;
      if ((tag & 7) === 0) {
        named += varint(bytes);
        continue;
      }
      const field = 1 << (tag >> 3);
      const length = varint(bytes);
      if ((field & shape.items) !== 0) item(bytes, at + length);
      else {
        if ((field & shape.versions) !== 0) named += whole(bytes, at, at + length);
        at += length;
      }
    }
  }

  function frame(bytes: Buffer): void {
    at = 0;
    while (at < bytes.length) {
      const tag = varint(bytes);
      if ((tag & 7) === 0) {
        named += varint(bytes);
        continue;
      }
      const length = varint(bytes);
      if (tag >>> 3 >= FIRST_BODY) body(bytes, at + length);
      else {
        named += bytes.toString("utf8", at, at + length).length;
        at += length;
      }
    }
  }

  return {
    prepare() {
      reading = nothingRead();
      named = 0;
    },
    run() {
      for (const bytes of frames) frame(bytes);
    },
    answer: () => ({ ...reading, readsNames: named > 0 }),
  };
}

export function nothingRead(): BareReading {
  return { decimals: 0, digits: 0, behindPoint: 0, characters: 0 };
}
