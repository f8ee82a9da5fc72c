import type { CandleInterval } from "../../../core/domain/candle.ts";
import { CANDLE_INTERVALS } from "../../../core/domain/candle.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import type { Side } from "../../../core/domain/order.ts";

export type ScreenCommand =
  | { readonly kind: "market"; readonly symbol: MarketSymbol }
  | { readonly kind: "interval"; readonly interval: CandleInterval }
  | {
      readonly kind: "ticket";
      readonly side: Side;
      readonly quantityText: string;
      readonly priceText: string;
      readonly symbol: MarketSymbol;
    }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  | { readonly kind: "none" }
  | { readonly kind: "problem"; readonly text: string };

/**
 * What a `:` line means. An order typed here only fills the ticket: it is confirmed and sent like any other.
 * @param symbols the markets that exist, as the exchange spells them.
 */
export function parseCommandLine(line: string, symbols: readonly MarketSymbol[]): ScreenCommand {
  const words = line.trim().split(/\s+/).filter(Boolean);
  const [verb = "", ...rest] = words;
  const find = (text: string) => symbols.find((symbol) => symbol.toUpperCase() === text.toUpperCase());
  switch (verb.toLowerCase()) {
    case "":
      return { kind: "none" };
    case "q":
    case "quit":
      return { kind: "quit" };
    case "help":
    case "h":
      return { kind: "help" };
    case "market":
    case "m": {
      const symbol = find(rest[0] ?? "");
      return symbol === undefined ? unknownSymbol(rest[0]) : { kind: "market", symbol };
    }
    case "interval": {
      const interval = CANDLE_INTERVALS.find((candidate) => candidate === rest[0]);
      if (interval !== undefined) return { kind: "interval", interval };
      return {
        kind: "problem",
        text: `There is no interval ${rest[0] ?? ""}. There are ${CANDLE_INTERVALS.join(" ")}.`,
      };
    }
    case "buy":
    case "sell":
      return parseOrder(verb.toLowerCase() as Side, rest, find);
    default: {
      const symbol = find(verb);
      if (symbol !== undefined && rest.length === 0) return { kind: "market", symbol };
      return {
        kind: "problem",
        text: `There is no command "${verb}". Try buy, sell, market, interval, help or quit.`,
      };
    }
  }
}

/** `SYMBOL SIZE [UNIT] [@ PRICE]`. */
function parseOrder(
  side: Side,
  words: readonly string[],
  find: (text: string) => MarketSymbol | undefined,
): ScreenCommand {
  const symbol = find(words[0] ?? "");
  if (symbol === undefined) return unknownSymbol(words[0]);
  const at = words.indexOf("@");
  const size = words.slice(1, at === -1 ? undefined : at);
  const price = at === -1 ? [] : words.slice(at + 1);
  if (size.length === 0 || size.length > 2 || (at !== -1 && price.length !== 1)) {
    return { kind: "problem", text: `Write it as: ${side} ${symbol} 0.01, or ${side} ${symbol} 0.01 @ 65000.` };
  }
  return { kind: "ticket", side, symbol, quantityText: size.join(" "), priceText: price[0] ?? "" };
}

function unknownSymbol(text: string | undefined): ScreenCommand {
  return {
    kind: "problem",
    text: text === undefined ? "Name a market, for example BTCUSDT." : `There is no market ${text}.`,
  };
}
