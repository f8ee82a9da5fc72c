import type { Notional, Price, Quantity } from "../../core/domain/money.ts";
import { parseNotional, parsePrice, parseQuantity } from "../../core/domain/money.ts";
import { Refusal, missingParameter, parameterError } from "../engine/refusal.ts";

/** Query and body of a request. What is in both has the value of the query. */
export function readParameters(rawQuery: string, rawBody: string): ReadonlyMap<string, string> {
  return new Map([...new URLSearchParams(rawBody), ...new URLSearchParams(rawQuery)]);
}

/** Typed look-ups with the venue's refusals. An empty value counts as not sent. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === "" ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingParameter(name);
    return value;
  }

  whole(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value)) throw parameterError(name);
    return Number(value);
  }

  /** A row limit between 1 and `most`. */
  limit(usual: number, most: number): number {
    const wanted = this.whole("limit") ?? usual;
    if (wanted < 1) throw parameterError("limit");
    return Math.min(wanted, most);
  }

  price(name: string): Price | undefined {
    return this.#money(name, parsePrice);
  }

  quantity(name: string): Quantity | undefined {
    return this.#money(name, parseQuantity);
  }

  notional(name: string): Notional | undefined {
    return this.#money(name, parseNotional);
  }

  #money<M>(name: string, parse: (text: string) => M | undefined): M | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    // More decimals than any market has is a matter of scale; anything else is no number.
    if (/^\d+\.\d+$/.test(value)) throw new Refusal(400, `${scaleWord(name)} scale is invalid`);
    throw parameterError(name);
  }
}

function scaleWord(name: string): string {
  return name === "quoteOrderQty" ? " amount" : name;
}
