import type { AskedOrder, AskedPrice, AskedSize } from "./asked-order.ts";
import { formatAskedPrice, formatShare, parseAskedPrice, parseShare } from "./asked-order.ts";
import type { AskedExits } from "./exit-words.ts";
import { formatExits, isExitWord, opensExits, parseExits } from "./exit-words.ts";
import type { ClientOrderId, MarketSymbol } from "./identifiers.ts";
import { marketSymbol, parseClientOrderId } from "./identifiers.ts";
import type { Notional, Quantity, Ratio } from "./money.ts";
import { formatMoney, parseQuantity } from "./money.ts";
import type { OrderDraft, OrderType, Side } from "./order.ts";

/** A size in words. An amount is in base, unless its unit says otherwise. */
export type SizeWords =
  | {
      readonly kind: "amount";
      readonly amount: Quantity;
      /** The unit that was named behind the amount, in capitals; must be one of the market's two assets. */
      readonly unit?: string;
    }
  /** A part of what is free: of the quote for a buy, of the base for a sale. */
  | { readonly kind: "share"; readonly of: Ratio };

/** An order as words say it, before anything is known of its market. */
export interface OrderWords {
  readonly side: Side;
  readonly symbol: MarketSymbol;
  readonly size: SizeWords;
  readonly price?: AskedPrice;
  readonly type: OrderType;
  /** What sells again what is bought. */
  readonly exits?: AskedExits;
  readonly clientOrderId?: ClientOrderId;
}

/** How a limit order behaves on arrival. */
export type LimitFlavor = Exclude<OrderType, "limit" | "market">;

/** Which word does not fit, and what would. */
export interface GrammarProblem {
  readonly kind: "problem";
  readonly message: string;
  readonly hint: string;
}

export type ParsedOrder = { readonly kind: "order"; readonly words: OrderWords } | GrammarProblem;
export type ReadOrder = { readonly kind: "asked"; readonly asked: Omit<AskedOrder, "seen"> } | GrammarProblem;

const EXAMPLE =
  "Write it like: buy BTCUSDT 0.001 @ 65000 · sell ETHUSDT 25% · buy BTCUSDT 50 usdt @ -0.2% tp +3% sl -1.5%";
const FLAVORS: ReadonlyMap<string, LimitFlavor> = new Map([
  ["--post-only", "post-only"],
  ["--ioc", "immediate-or-cancel"],
  ["--fok", "fill-or-kill"],
]);

/**
 * Reads `buy|sell SYMBOL SIZE [UNIT] [@ PRICE] [tp LEVEL[:SHARE]]… [sl LEVEL] [--post-only|--ioc|--fok] [--client-id ID]`.
 * A bare size is in base; with the quote's name behind it, it is an amount to spend or raise; "25%" is a part of what is
 * free. Without a price it is a market order; "-0.2%" is a distance from the other side of the book, for a level from
 * the entry.
 */
export function parseOrderWords(words: readonly string[]): ParsedOrder {
  const flags = takeFlags(words.flatMap((word) => word.split(/\s+/)).filter((word) => word !== ""));
  if (flags.kind === "problem") return flags;
  const [sideWord, symbolWord, ...rest] = flags.plain.flatMap(splitAt);
  const side = sideWord?.toLowerCase();
  if (sideWord === undefined) return problem("No order is given.");
  if (side !== "buy" && side !== "sell") return problem(`An order begins with buy or sell, not with "${sideWord}".`);
  if (symbolWord === undefined) return problem("The symbol is missing.");
  if (symbolWord === "@" || parseQuantity(symbolWord) !== undefined)
    return problem(`"${symbolWord}" stands where the symbol belongs.`);
  const exitsAt = rest.findIndex((word, index) => opensExits(word, rest[index + 1]));
  const sizing = exitsAt === -1 ? rest : rest.slice(0, exitsAt);
  const parts = readSizeAndPrice(sizing);
  if (parts.kind === "problem") return parts;
  if (flags.flavor !== undefined && parts.price === undefined)
    return problem(`A ${flags.flavor} order needs a price: put @ PRICE behind the size.`);
  const exits = exitsAt === -1 ? undefined : parseExits(rest.slice(exitsAt));
  if (exits !== undefined && "why" in exits) return problem(`The exits are unclear: ${exits.why}.`);
  if (exits !== undefined && side === "sell")
    return problem("tp and sl sell again what a buy has bought; a sale leaves nothing to sell.");
  return {
    kind: "order",
    words: {
      side,
      symbol: symbolOf(symbolWord),
      size: parts.size,
      ...(parts.price === undefined ? {} : { price: parts.price }),
      type: parts.price === undefined ? "market" : (flags.flavor ?? "limit"),
      ...(exits === undefined ? {} : { exits: exits.exits }),
      ...(flags.clientOrderId === undefined ? {} : { clientOrderId: flags.clientOrderId }),
    },
  };
}

type SizeAndPrice = { readonly kind: "parts"; readonly size: SizeWords; readonly price?: AskedPrice } | GrammarProblem;

/** `SIZE [UNIT] [@ PRICE]`. */
function readSizeAndPrice(words: readonly string[]): SizeAndPrice {
  const [sizeWord, ...behind] = words;
  if (sizeWord === undefined || sizeWord === "@") return problem("The size is missing.");
  const at = behind.indexOf("@");
  const [unitWord, ...tooMany] = at === -1 ? behind : behind.slice(0, at);
  const [priceWord, ...beyond] = at === -1 ? [] : behind.slice(at + 1);
  const extra = tooMany[0] ?? beyond[0];
  if (isExitWord(extra)) return problem(`Behind ${extra} belongs a price, or a distance like +3%.`);
  if (extra !== undefined) return problem(`"${extra}" is one word too many.`);
  if (at !== -1 && priceWord === undefined) return problem("The price behind @ is missing.");
  const size = readSize(sizeWord, unitWord);
  if (size.kind === "problem") return size;
  const price = priceWord === undefined ? undefined : parseAskedPrice(priceWord);
  if (priceWord !== undefined && price === undefined)
    return problem(`The price "${priceWord}" is no number above zero, and no distance like -0.2%.`);
  return { kind: "parts", size, ...(price === undefined ? {} : { price }) };
}

function readSize(sizeWord: string, unitWord: string | undefined): SizeWords | GrammarProblem {
  if (sizeWord.endsWith("%")) {
    const of = parseShare(sizeWord);
    if (of === undefined) return problem(`The share "${sizeWord}" is not above 0% and at most 100%.`);
    if (unitWord !== undefined) return problem(`"${unitWord}" is one word too many: a share is of what is free.`);
    return { kind: "share", of };
  }
  const amount = parseQuantity(sizeWord);
  if (amount === undefined || amount <= 0n) return problem(`The size "${sizeWord}" is no number above zero.`);
  return { kind: "amount", amount, ...(unitWord === undefined ? {} : { unit: unitWord.toUpperCase() }) };
}

/** A symbol as the exchange spells it. Only ASCII letters have a case that typing gets wrong. */
export function symbolOf(word: string): MarketSymbol {
  return marketSymbol(word.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()));
}

interface TakenFlags {
  readonly kind: "flags";
  readonly plain: readonly string[];
  readonly flavor?: LimitFlavor;
  readonly clientOrderId?: ClientOrderId;
}

function takeFlags(words: readonly string[]): TakenFlags | GrammarProblem {
  const plain: string[] = [];
  let flavorFlag: string | undefined;
  let id: ClientOrderId | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (FLAVORS.has(word)) {
      if (flavorFlag !== undefined && flavorFlag !== word)
        return problem(`${flavorFlag} and ${word} exclude each other.`);
      flavorFlag = word;
    } else if (word === "--client-id") {
      index += 1;
      const text = words[index] ?? "";
      id = parseClientOrderId(text);
      if (id === undefined)
        return problem(`The client order id "${text}" is not 1 to 32 letters, digits, underscores or hyphens.`);
    } else if (word.startsWith("--")) {
      return problem(`The flag "${word}" is not known to an order.`);
    } else {
      plain.push(word);
    }
  }
  const flavor = flavorFlag === undefined ? undefined : FLAVORS.get(flavorFlag);
  return {
    kind: "flags",
    plain,
    ...(flavor === undefined ? {} : { flavor }),
    ...(id === undefined ? {} : { clientOrderId: id }),
  };
}

/** "0.1@65000" is three words. */
function splitAt(word: string): readonly string[] {
  return word.split(/(@)/).filter((part) => part !== "");
}

/** Holds the words against the market they name. */
export function askFromWords(words: OrderWords, market: { readonly base: string; readonly quote: string }): ReadOrder {
  const size = sizeFromWords(words, market);
  if (size.kind === "problem") return size;
  const { side, type, price, clientOrderId } = words;
  return {
    kind: "asked",
    asked: {
      side,
      type,
      size,
      ...(price === undefined ? {} : { price }),
      ...(clientOrderId === undefined ? {} : { clientOrderId }),
    },
  };
}

function sizeFromWords(
  { size, symbol }: OrderWords,
  market: { readonly base: string; readonly quote: string },
): AskedSize | GrammarProblem {
  if (size.kind === "share") return size;
  const { amount, unit } = size;
  if (unit === undefined || unit === market.base) return { kind: "base", quantity: amount };
  if (unit === market.quote) return { kind: "quote", notional: amount as bigint as Notional };
  return {
    kind: "problem",
    message: `"${unit}" is neither side of ${symbol}.`,
    hint: `Sizes are in ${market.base} or in ${market.quote}.`,
  };
}

const TYPE_FLAGS: Readonly<Record<OrderType, string>> = {
  limit: "",
  market: "",
  "post-only": " --post-only",
  "immediate-or-cancel": " --ioc",
  "fill-or-kill": " --fok",
};

/** The canonical words of a draft, or of an order: what the parser reads back as the same draft. */
export function formatDraft(
  draft: Pick<OrderDraft, "side" | "symbol" | "type" | "size" | "limitPrice" | "clientOrderId">,
  market: { readonly quote: string },
  exits?: AskedExits,
): string {
  const size =
    draft.size.kind === "base"
      ? formatMoney(draft.size.quantity)
      : `${formatMoney(draft.size.notional)} ${market.quote}`;
  const price = draft.limitPrice === undefined ? "" : ` @ ${formatMoney(draft.limitPrice)}`;
  const id = draft.clientOrderId === undefined ? "" : ` --client-id ${draft.clientOrderId}`;
  return `${draft.side} ${draft.symbol} ${size}${price}${formatExits(exits)}${TYPE_FLAGS[draft.type]}${id}`;
}

/** The canonical words of what was asked, before it is planned. */
export function formatOrderWords(words: OrderWords): string {
  const { side, symbol, size, price, exits, type, clientOrderId } = words;
  const amount =
    size.kind === "share"
      ? formatShare(size.of)
      : `${formatMoney(size.amount)}${size.unit === undefined ? "" : ` ${size.unit}`}`;
  const at = price === undefined ? "" : ` @ ${formatAskedPrice(price)}`;
  const id = clientOrderId === undefined ? "" : ` --client-id ${clientOrderId}`;
  return `${side} ${symbol} ${amount}${at}${formatExits(exits)}${TYPE_FLAGS[type]}${id}`;
}

function problem(message: string): GrammarProblem {
  return { kind: "problem", message, hint: EXAMPLE };
}
