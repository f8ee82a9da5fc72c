import type { ClientOrderId, MarketSymbol } from "./identifiers.ts";
import { marketSymbol, parseClientOrderId } from "./identifiers.ts";
import type { Notional, Price, Quantity } from "./money.ts";
import { formatMoney, parsePrice, parseQuantity } from "./money.ts";
import type { OrderDraft, OrderSize, OrderType, Side } from "./order.ts";

/** An order as words say it, before anything is known of its market. */
export interface OrderWords {
  readonly side: Side;
  readonly symbol: MarketSymbol;
  /** In base, unless the unit says otherwise. */
  readonly amount: Quantity;
  /** The unit that was named behind the amount, in capitals; must be one of the market's two assets. */
  readonly unit?: string;
  readonly limitPrice?: Price;
  readonly type: OrderType;
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
export type DraftedOrder = { readonly kind: "draft"; readonly draft: OrderDraft } | GrammarProblem;

const EXAMPLE = "Write it like: buy BTCUSDT 0.001 @ 65000 · sell ETHUSDT 0.5 · buy BTCUSDT 50 usdt";
const FLAVORS: ReadonlyMap<string, LimitFlavor> = new Map([
  ["--post-only", "post-only"],
  ["--ioc", "immediate-or-cancel"],
  ["--fok", "fill-or-kill"],
]);

/**
 * Reads `buy|sell SYMBOL SIZE [UNIT] [@ PRICE] [--post-only|--ioc|--fok] [--client-id ID]`. A bare size is in base;
 * with the quote's name behind it, it is an amount to spend or raise; without a price it is a market order.
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
  const relative = rest.find((word) => /%$|^(?:tp|sl)$/i.test(word));
  if (relative !== undefined) {
    return problem(
      `"${relative}" is not understood: percentages and tp/sl are not supported, sizes and prices are plain numbers.`,
    );
  }
  const [sizeWord, ...behind] = rest;
  if (sizeWord === undefined || sizeWord === "@") return problem("The size is missing.");
  const at = behind.indexOf("@");
  const [unitWord, ...tooMany] = at === -1 ? behind : behind.slice(0, at);
  const [priceWord, ...beyond] = at === -1 ? [] : behind.slice(at + 1);
  const extra = tooMany[0] ?? beyond[0];
  if (extra !== undefined) return problem(`"${extra}" is one word too many.`);
  if (at !== -1 && priceWord === undefined) return problem("The price behind @ is missing.");

  const amount = parseQuantity(sizeWord);
  if (amount === undefined || amount <= 0n) return problem(`The size "${sizeWord}" is no number above zero.`);
  const limitPrice = priceWord === undefined ? undefined : parsePrice(priceWord);
  if (priceWord !== undefined && (limitPrice === undefined || limitPrice <= 0n))
    return problem(`The price "${priceWord}" is no number above zero.`);
  if (flags.flavor !== undefined && limitPrice === undefined)
    return problem(`A ${flags.flavor} order needs a price: put @ PRICE behind the size.`);
  return {
    kind: "order",
    words: {
      side,
      symbol: symbolOf(symbolWord),
      amount,
      ...(unitWord === undefined ? {} : { unit: unitWord.toUpperCase() }),
      ...(limitPrice === undefined ? {} : { limitPrice }),
      type: limitPrice === undefined ? "market" : (flags.flavor ?? "limit"),
      ...(flags.clientOrderId === undefined ? {} : { clientOrderId: flags.clientOrderId }),
    },
  };
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
export function draftFromWords(
  words: OrderWords,
  market: { readonly base: string; readonly quote: string },
): DraftedOrder {
  const { unit } = words;
  if (unit !== undefined && unit !== market.base && unit !== market.quote) {
    return {
      kind: "problem",
      message: `"${unit}" is neither side of ${words.symbol}.`,
      hint: `Sizes are in ${market.base}, or in ${market.quote} for a market order.`,
    };
  }
  if (unit === market.quote && words.type !== "market") {
    return {
      kind: "problem",
      message: `A ${words.type} order cannot be sized in ${market.quote}.`,
      hint: `Give the size in ${market.base}, or leave the price away for a market order.`,
    };
  }
  const size: OrderSize =
    unit === market.quote
      ? { kind: "quote", notional: words.amount as bigint as Notional }
      : { kind: "base", quantity: words.amount };
  return {
    kind: "draft",
    draft: {
      symbol: words.symbol,
      side: words.side,
      type: words.type,
      size,
      ...(words.limitPrice === undefined ? {} : { limitPrice: words.limitPrice }),
      ...(words.clientOrderId === undefined ? {} : { clientOrderId: words.clientOrderId }),
    },
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
): string {
  const size =
    draft.size.kind === "base"
      ? formatMoney(draft.size.quantity)
      : `${formatMoney(draft.size.notional)} ${market.quote}`;
  const price = draft.limitPrice === undefined ? "" : ` @ ${formatMoney(draft.limitPrice)}`;
  const id = draft.clientOrderId === undefined ? "" : ` --client-id ${draft.clientOrderId}`;
  return `${draft.side} ${draft.symbol} ${size}${price}${TYPE_FLAGS[draft.type]}${id}`;
}

function problem(message: string): GrammarProblem {
  return { kind: "problem", message, hint: EXAMPLE };
}
