import { formatMoney, parseQuantity } from "../../core/domain/money.ts";
import type { Quantity } from "../../core/domain/money.ts";

/** JSON with money as `{"$":"0.001"}`. @throws TypeError for a value that would not come back the same. */
export function encodeMoneyJson(record: object): string {
  // Tagged first and then written in one go: a replacer is called for every value there is.
  return JSON.stringify(tagged(record, ""));
}

function tagged(value: unknown, key: string): unknown {
  if (typeof value === "bigint") return { $: formatMoney(value as Quantity) };
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${key} is ${value}`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => tagged(one, key));
  if (value instanceof Map || value instanceof Set) throw new TypeError(`${key} is a ${value.constructor.name}`);
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) copy[name] = tagged(inner, name);
  return copy;
}

/** @throws SyntaxError or RangeError for a text that `encodeMoneyJson` cannot have written. */
export function decodeMoneyJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isTaggedMoney(value) ? decodeMoney(value.$) : value));
}

function isTaggedMoney(value: unknown): value is { readonly $: string } {
  return typeof value === "object" && value !== null && "$" in value && typeof value.$ === "string";
}

function decodeMoney(text: string): bigint {
  const value = parseQuantity(text);
  if (value === undefined) throw new RangeError(`${JSON.stringify(text)} is no decimal`);
  return value;
}
