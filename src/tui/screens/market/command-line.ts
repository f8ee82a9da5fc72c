import type { CandleInterval } from "../../../core/domain/candle.ts";
import { CANDLE_INTERVALS } from "../../../core/domain/candle.ts";
import { clientOrderId } from "../../../core/domain/identifiers.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { parseOrderWords } from "../../../core/domain/order-grammar.ts";
import { didYouMean, suggest } from "../../../core/domain/suggest.ts";
import { parseReason } from "../../../core/domain/state-reason.ts";
import type { HeldState } from "../../../core/domain/trading-state.ts";
import type { WantedDeed } from "./deed.ts";
import { readPositionWords } from "./position-words.ts";
import type { Ticket } from "./ticket.ts";
import { ticketFromWords } from "./ticket.ts";

export type ScreenCommand =
  | { readonly kind: "market"; readonly symbol: MarketSymbol }
  | { readonly kind: "interval"; readonly interval: CandleInterval }
  | {
      readonly kind: "ticket";
      readonly symbol: MarketSymbol;
      readonly ticket: Ticket;
    }
  | { readonly kind: "trading-state"; readonly state: HeldState }
  | { readonly kind: "deed"; readonly wanted: WantedDeed }
  | { readonly kind: "reconcile" | "panic" | "guard-status" }
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
    case "halt":
    case "reduce":
    case "resume":
      return readTradingState(verb.toLowerCase() as keyof typeof STATE_OF, rest.join(" "));
    case "trading":
      return readTrading(rest);
    case "position":
      return readPositionWords(rest, find);
    case "order":
      return readOrderVerb(rest);
    case "reconcile":
    case "panic":
      return rest.length === 0 ? { kind: verb.toLowerCase() as "reconcile" | "panic" } : tooMuch(rest);
    case "guard":
      if (rest.length === 1 && rest[0] === "status") return { kind: "guard-status" };
      return { kind: "problem", text: "Of guard the screen knows `guard status`. A question is answered with a." };
    case "buy":
    case "sell":
      return readOrder(line, find);
    default: {
      const symbol = find(verb);
      if (symbol !== undefined && rest.length === 0) return { kind: "market", symbol };
      return {
        kind: "problem",
        text: unknownCommand(verb),
      };
    }
  }
}

const STATE_OF = { halt: "halted", reduce: "reducing", resume: "active" } as const;

const COMMANDS = [
  "buy",
  "sell",
  "market",
  "interval",
  "position",
  "order",
  "trading",
  "halt",
  "reduce",
  "resume",
  "reconcile",
  "panic",
  "guard",
  "help",
  "quit",
] as const;

function unknownCommand(verb: string): string {
  const meant = didYouMean(suggest(verb, COMMANDS, 1)) ?? "";
  return `There is no command "${verb}". ${meant} There are ${COMMANDS.join(", ")}.`;
}

function tooMuch([word = ""]: readonly string[]): ScreenCommand {
  return { kind: "problem", text: `"${word}" is one word too many.` };
}

/** `order adopt ID`, as in the shell; what `order place` and `order cancel` do has keys and shorter words here. */
function readOrderVerb([verb = "", id, ...more]: readonly string[]): ScreenCommand {
  if (verb !== "adopt")
    return {
      kind: "problem",
      text: `Of order the screen knows \`order adopt ID\`, not "${verb}"; buy and sell place one.`,
    };
  if (id === undefined) return { kind: "problem", text: "Name the order: order adopt ID." };
  return more.length > 0
    ? tooMuch(more)
    : { kind: "deed", wanted: { kind: "adopt", clientOrderId: clientOrderId(id) } };
}

function readTrading([verb = "", ...reason]: readonly string[]): ScreenCommand {
  if (verb === "halt" || verb === "reduce" || verb === "resume") return readTradingState(verb, reason.join(" "));
  return { kind: "problem", text: `Behind trading belongs halt, reduce or resume, not "${verb}".` };
}

/** A person says why: the reason stands in the journal, and in the header of every screen of the account. */
function readTradingState(verb: keyof typeof STATE_OF, words: string): ScreenCommand {
  const reason = parseReason(words);
  if (reason === undefined) return { kind: "problem", text: `Say why, for example :${verb} checked the feed.` };
  return { kind: "trading-state", state: { kind: STATE_OF[verb], reason } };
}

/** The same words as in the shell; what the ticket has no field for it carries along and shows. */
function readOrder(line: string, find: (text: string) => MarketSymbol | undefined): ScreenCommand {
  const parsed = parseOrderWords([line]);
  if (parsed.kind === "problem") return { kind: "problem", text: `${parsed.message} ${parsed.hint}` };
  const { words } = parsed;
  const symbol = find(words.symbol);
  return symbol === undefined
    ? unknownSymbol(words.symbol)
    : { kind: "ticket", symbol, ticket: ticketFromWords(words) };
}

function unknownSymbol(text: string | undefined): ScreenCommand {
  return {
    kind: "problem",
    text: text === undefined ? "Name a market, for example BTCUSDT." : `There is no market ${text}.`,
  };
}
