import type { Random } from "../../src/simulator/random.ts";

/** Bytes that a reader of lengths and varints is likely to fall over. */
const UNPLEASANT = [0x00, 0x7f, 0x80, 0xff, 0x0a, 0x0b, 0x0c, 0x12, 0x2e, 0x30];

/** Spoils a frame in one to eight places; what comes out may still be sound. */
export function spoilFrame(random: Random, bytes: Uint8Array): Uint8Array {
  let spoiled: Buffer = Buffer.from(bytes);
  for (let count = 1 + random.integer(8); count > 0; count -= 1) spoiled = spoilOnce(random, spoiled);
  return spoiled;
}

function spoilOnce(random: Random, bytes: Buffer): Buffer {
  const at = random.integer(bytes.length + 1);
  const length = random.integer(Math.min(32, bytes.length - at) + 1);
  const piece = bytes.subarray(at, at + length);
  switch (random.integer(6)) {
    case 0:
      return changed(bytes, at, random.integer(256));
    case 1:
      return changed(bytes, at, UNPLEASANT[random.integer(UNPLEASANT.length)] ?? 0);
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(random, random.integer(12)), bytes.subarray(at)]);
  }
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = value;
  return copy;
}
