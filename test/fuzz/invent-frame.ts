import type { Field } from "protobufjs";
import { Type } from "protobufjs";
import type { Random } from "../../src/simulator/random.ts";
import { Wrapper } from "../adapters/mexc/push-schema.ts";

const WORDS = ["", "0", "BTCUSDT", "龙USDT", "é", "Min1", "\u0000\u001b[2J", "spot@public.aggre.depth.v3.api.pb@100ms"];

/** The names of all bodies of the schema. */
export const BODY_NAMES: readonly string[] = Wrapper.oneofs["body"]?.oneof ?? [];

/** A frame of one body with whatever its fields can hold, as the reference library writes it. */
export function inventFrame(random: Random, body: string): Uint8Array {
  const head = { channel: inventText(random), symbol: inventText(random), sendTime: inventTime(random) };
  const { type } = Wrapper.fields[body] ?? {};
  const message = {
    ...(random.next() < 0.9 ? head : {}),
    [body]: inventMessage(random, Wrapper.lookupType(type ?? "")),
  };
  return Wrapper.encode(Wrapper.fromObject(message)).finish();
}

function inventMessage(random: Random, type: Type): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    // proto3 leaves out what is zero, so any field may be absent; our versions may not be.
    const isVersion = /version$/i.test(field.name);
    if (!isVersion && random.next() < 0.15) continue;
    const make = () => (isVersion ? String(1 + random.integer(2 ** 47)) : inventValue(random, field));
    message[field.name] = field.repeated ? Array.from({ length: random.integer(6) }, make) : make();
  }
  return message;
}

function inventValue(random: Random, field: Field): unknown {
  const { resolvedType } = field.resolve();
  if (resolvedType instanceof Type) return inventMessage(random, resolvedType);
  switch (field.type) {
    case "string":
      return inventText(random);
    case "bool":
      return random.next() < 0.5;
    case "int32":
      return random.integer(random.next() < 0.9 ? 6 : 2 ** 31);
    default:
      return inventTime(random);
  }
}

function inventTime(random: Random): number {
  return Math.floor(random.next() * (random.next() < 0.9 ? 2e12 : 8e15));
}

function inventText(random: Random): string {
  const kind = random.next();
  if (kind < 0.6) return inventDecimal(random);
  if (kind < 0.9) return WORDS[random.integer(WORDS.length)] ?? "";
  return String.fromCodePoint(
    ...Array.from({ length: random.integer(200) }, () => (random.next() < 0.8 ? 0x20 + random.integer(90) : 0x4e00)),
  );
}

function inventDecimal(random: Random): string {
  const digits = String(random.integer(10 ** (1 + random.integer(15))));
  const decimals = random.integer(12);
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, "0");
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}
