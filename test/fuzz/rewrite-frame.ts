import { Type } from "protobufjs";
import type { Random } from "../../src/simulator/random.ts";

/** A field as it stands on the wire. */
interface RawField {
  readonly number: number;
  readonly wireType: number;
  /** The value without its tag; without its length where it has one. */
  readonly value: Uint8Array;
}

/**
 * Writes a frame anew so that it means the same: fields in another order, though never those of one number among
 * themselves; unknown fields between them; longer varints than need be; and a value before the one that counts.
 */
export function rewriteFrame(random: Random, bytes: Uint8Array, type: Type): Uint8Array {
  const fields = splitFields(bytes).map((field) => {
    const known = type.fieldsById[field.number]?.resolve();
    const inner = known?.resolvedType;
    return inner instanceof Type ? { ...field, value: rewriteFrame(random, field.value, inner) } : field;
  });
  const repeated = fields.flatMap((field) => {
    const known = type.fieldsById[field.number];
    const isText = known?.type === "string" && !known.repeated && field.wireType === 2;
    if (!isText || random.next() > 0.1) return [field];
    // Of a single field that comes twice, the last counts. A version must be a number even when it does not count.
    return [{ ...field, value: Buffer.from(String(random.integer(99))) }, field];
  });
  const unknown = Array.from({ length: random.integer(3) }, () => inventUnknown(random, type));
  return Buffer.concat(interleave(random, [...repeated, ...unknown]).map((field) => writeField(random, field)));
}

/** Any order that keeps the fields of one number in theirs. */
function interleave(random: Random, fields: readonly RawField[]): readonly RawField[] {
  const queues = new Map<number, RawField[]>();
  for (const field of fields) queues.set(field.number, [...(queues.get(field.number) ?? []), field]);
  const mixed: RawField[] = [];
  while (queues.size > 0) {
    const numbers = [...queues.keys()];
    const number = numbers[random.integer(numbers.length)] ?? 0;
    const queue = queues.get(number) ?? [];
    const next = queue.shift();
    if (next !== undefined) mixed.push(next);
    if (queue.length === 0) queues.delete(number);
  }
  return mixed;
}

function inventUnknown(random: Random, type: Type): RawField {
  let number = 0;
  do number = 1 + random.integer(random.next() < 0.5 ? 40 : 2 ** 28);
  while (type.fieldsById[number] !== undefined || (number >= 300 && number < 320));
  const wireType = [0, 1, 2, 5][random.integer(4)] ?? 0;
  const length = wireType === 1 ? 8 : wireType === 5 ? 4 : random.integer(20);
  const value = Uint8Array.from({ length }, () => random.integer(256));
  return { number, wireType, value: wireType === 0 ? varint(random, random.integer(2 ** 50)) : value };
}

function writeField(random: Random, { number, wireType, value }: RawField): Uint8Array {
  const tag = varint(random, number * 8 + wireType);
  return Buffer.concat(wireType === 2 ? [tag, varint(random, value.length), value] : [tag, value]);
}

/** Now and then longer than need be, which is allowed. */
function varint(random: Random, whole: number): Uint8Array {
  const bytes: number[] = [];
  let rest = whole;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  for (let more = random.next() < 0.05 ? 1 : 0; more > 0 && bytes.length < 5; more -= 1) {
    bytes.push((bytes.pop() ?? 0) + 128, 0);
  }
  return Uint8Array.from(bytes);
}

/** The fields of a sound message. */
function splitFields(bytes: Uint8Array): readonly RawField[] {
  const fields: RawField[] = [];
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = next();
    const wireType = tag % 8;
    let start = at;
    if (wireType === 0) next();
    else {
      const length = wireType === 2 ? next() : wireType === 1 ? 8 : 4;
      start = at;
      at += length;
    }
    fields.push({ number: Math.floor(tag / 8), wireType, value: bytes.subarray(start, at) });
  }
  return fields;
}
