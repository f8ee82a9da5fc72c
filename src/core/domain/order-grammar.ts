import type { MarketSymbol } from "./identifiers.ts";
import { marketSymbol } from "./identifiers.ts";
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
}

export type LimitFlavor = Exclude<OrderType, "limit" | "market">;

export type ParsedOrder =
  | { readonly kind: "order"; readonly words: OrderWords }
  /** Which word does not fit, and what would. */
  | { readonly kind: "problem"; readonly message: string; readonly hint: string };

const EXAMPLE = "Write it like: buy BTCUSDT 0.001 @ 65000 · sell ETHUSDT 0.5 · buy BTCUSDT 50 usdt";

/**
 * Reads `buy|sell SYMBOL SIZE [UNIT] [@ PRICE]`. A bare size is in base; with the quote's name behind it, it is an
 * amount to spend or raise; without a price it is a market order.
 * @param flavor how a limit order behaves on arrival, from a flag.
 */
export function parseOrderWords(words: readonly string[], flavor?: LimitFlavor): ParsedOrder {
  const tokens = words
    .flatMap((word) => word.split(/\s+/))
    .flatMap(splitAt)
    .filter((word) => word !== "");
  const [sideWord, symbolWord, sizeWord, ...rest] = tokens;
  const side = sideWord?.toLowerCase();
  if (side !== "buy" && side !== "sell") {
    return problem(
      sideWord === undefined ? "No order is given." : `An order begins with buy or sell, not with "${sideWord}".`,
    );
  }
  if (symbolWord === undefined) return problem("The symbol is missing.");
  if (symbolWord === "@" || /^[\d.]/.test(symbolWord))
    return problem(`"${symbolWord}" stands where the symbol belongs.`);
  if (sizeWord === undefined || sizeWord === "@") return problem("The size is missing.");
  const at = rest.indexOf("@");
  const unitWords = at === -1 ? rest : rest.slice(0, at);
  const priceWords = at === -1 ? [] : rest.slice(at + 1);
  if (unitWords.length > 1) return problem(`"${unitWords[1] ?? ""}" is one word too many.`);
  const unsupported = [sizeWord, ...unitWords, ...priceWords].find((word) => /%$|^(?:tp|sl)$/i.test(word));
  if (unsupported !== undefined) {
    return problem(`"${unsupported}" is not understood here: sizes and prices are plain numbers.`);
  }
  if (priceWords.length > 1) return problem(`"${priceWords[1] ?? ""}" is one word too many.`);
  if (at !== -1 && priceWords.length === 0) return problem("The price behind @ is missing.");

  const unit = unitWords[0]?.toUpperCase();
  const amount = parseQuantity(sizeWord);
  if (amount === undefined || amount <= 0n) return problem(`The size "${sizeWord}" is no number above zero.`);
  const [priceWord] = priceWords;
  const limitPrice = priceWord === undefined ? undefined : parsePrice(priceWord);
  if (priceWord !== undefined && (limitPrice === undefined || limitPrice <= 0n)) {
    return problem(`The price "${priceWord}" is no number above zero.`);
  }
  if (flavor !== undefined && limitPrice === undefined) {
    return problem(`A ${flavor} order needs a price.`);
  }
  return {
    kind: "order",
    words: {
      side,
      // Only letters have a case that typing gets wrong; other scripts stay as they are.
      symbol: marketSymbol(symbolWord.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())),
      amount,
      ...(unit === undefined ? {} : { unit }),
      ...(limitPrice === undefined ? {} : { limitPrice }),
      type: limitPrice === undefined ? "market" : (flavor ?? "limit"),
    },
  };
}

/** "0.1@65000" is three words. */
function splitAt(word: string): readonly string[] {
  return word === "@" ? [word] : word.split(/(@)/);
}

/** Holds the words against the market they name. @returns the draft, or why the unit does not fit. */
export function draftFromWords(
  words: OrderWords,
  market: { readonly base: string; readonly quote: string },
): OrderDraft | { readonly message: string; readonly hint: string } {
  const { unit } = words;
  if (unit !== undefined && unit !== market.base && unit !== market.quote) {
    return {
      message: `${unit} is neither side of ${words.symbol}.`,
      hint: `Sizes are in ${market.base}, or in ${market.quote} for a market order.`,
    };
  }
  const size: OrderSize =
    unit === market.quote
      ? { kind: "quote", notional: words.amount as bigint as Notional }
      : { kind: "base", quantity: words.amount };
  return {
    symbol: words.symbol,
    side: words.side,
    type: words.type,
    size,
    ...(words.limitPrice === undefined ? {} : { limitPrice: words.limitPrice }),
  };
}

/** The canonical words of a draft: what the parser reads back as the same draft. */
export function formatDraft(draft: OrderDraft, market: { readonly quote: string }): string {
  const size =
    draft.size.kind === "base"
      ? formatMoney(draft.size.quantity)
      : `${formatMoney(draft.size.notional)} ${market.quote}`;
  const price = draft.limitPrice === undefined ? "" : ` @ ${formatMoney(draft.limitPrice)}`;
  return `${draft.side} ${draft.symbol} ${size}${price}${FLAGS[draft.type]}`;
}

const FLAGS: Readonly<Record<OrderType, string>> = {
  limit: "",
  market: "",
  "post-only": " --post-only",
  "immediate-or-cancel": " --ioc",
  "fill-or-kill": " --fok",
};

function problem(message: string): ParsedOrder {
  return { kind: "problem", message, hint: EXAMPLE };
}
