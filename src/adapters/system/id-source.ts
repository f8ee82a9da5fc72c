import { randomBytes as systemRandomBytes } from "node:crypto";
import { clientOrderId } from "../../core/domain/identifiers.ts";
import type { IdSource } from "../../core/ports/id-source.ts";

export interface IdSourceParts {
  /** Wall clock, ms since 1970 UTC. */
  readonly now: () => number;
  /** Unpredictable bytes, as many as asked for; the system's unless given. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** Crockford's digits where JavaScript's base 32 has others: no I, L, O and U. */
const CROCKFORD: Readonly<Record<string, string>> = Object.fromEntries(
  [..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"].map((digit, value) => [value.toString(32), digit]),
);
const PREFIX = "td";

/**
 * Time-ordered ids: an order id is "td" and a ULID (28 characters), a record id a UUIDv7. Within a process each is
 * greater than the one before, even in the same millisecond or when the clock was set back; between processes 74 and
 * more random bits keep them apart.
 */
export function createIdSource(parts: IdSourceParts): IdSource {
  const nextUlid = createCounter(parts, 80);
  const nextUuid = createCounter(parts, 74);
  return {
    clientOrderId() {
      const { ms, random } = nextUlid();
      return clientOrderId(PREFIX + crockford(BigInt(ms), 10) + crockford(random, 16));
    },
    recordId() {
      const { ms, random } = nextUuid();
      const high = random >> 62n;
      const low = random & ((1n << 62n) - 1n);
      const bits = (BigInt(ms) << 80n) | (0x7n << 76n) | (high << 64n) | (0b10n << 62n) | low;
      const hex = bits.toString(16).padStart(32, "0");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },
  };
}

/** Time and random bits that together only ever grow: within a millisecond the random part counts on. */
function createCounter({ now: readClock, randomBytes = systemRandomBytes }: IdSourceParts, randomBits: number) {
  const limit = 1n << BigInt(randomBits);
  let ms = -1;
  let random = 0n;
  return () => {
    const now = readClock();
    if (now > ms) {
      ms = now;
      random = bitsOf(randomBytes(Math.ceil(randomBits / 8)), randomBits);
    } else {
      random += 1n;
      if (random === limit) {
        ms += 1;
        random = 0n;
      }
    }
    return { ms, random };
  };
}

function bitsOf(bytes: Uint8Array, bits: number): bigint {
  const value = BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
  return value & ((1n << BigInt(bits)) - 1n);
}

function crockford(value: bigint, length: number): string {
  return value
    .toString(32)
    .padStart(length, "0")
    .replaceAll(/./g, (digit) => CROCKFORD[digit] ?? "");
}
