import type { ProtectFlags } from "../../../core/domain/arming/protect-words.ts";
import { readProtectFlags } from "../../../core/domain/arming/protect-words.ts";
import type { WantedProtection } from "../../../core/domain/arming/wanted-protection.ts";
import type { AskedPrice } from "../../../core/domain/asked-order.ts";
import { parseAskedPrice } from "../../../core/domain/asked-order.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { DEFAULT_CONFIRMATION } from "../../../core/domain/protection.ts";
import type { WantedDeed } from "./deed.ts";

export type ReadDeed =
  { readonly kind: "deed"; readonly wanted: WantedDeed } | { readonly kind: "problem"; readonly text: string };

const PROTECT_FLAGS = ["--stop", "--target", "--trail", "--activate", "--break-even", "--quantity"];

/** What stands behind `position` on a `:` line, in the words of the shell. */
export function readPositionWords(
  words: readonly string[],
  find: (text: string) => MarketSymbol | undefined,
): ReadDeed {
  const [verb = "", name = "", ...rest] = words;
  if (!["protect", "unprotect", "close"].includes(verb)) {
    return problem(`Behind position belongs protect, unprotect or close, not "${verb}".`);
  }
  const symbol = find(name);
  if (verb === "unprotect" && rest.length === 0 && name !== "") {
    return { kind: "deed", wanted: { kind: "unprotect", of: symbol ?? name } };
  }
  if (symbol === undefined)
    return problem(name === "" ? `Name a market: position ${verb} BTCUSDT.` : `There is no market ${name}.`);
  if (verb === "unprotect") return problem(`Behind the market nothing belongs, not "${rest[0] ?? ""}".`);
  return verb === "close" ? readClose(symbol, rest) : readProtect(symbol, rest);
}

function readClose(symbol: MarketSymbol, words: readonly string[]): ReadDeed {
  let at: AskedPrice | undefined;
  let cancelsOrders = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--cancel-orders") cancelsOrders = true;
    else if (word === "--at") {
      index += 1;
      at = parseAskedPrice(words[index] ?? "");
      if (at === undefined) return problem(`--at takes a price or a distance like +1%, not "${words[index] ?? ""}".`);
    } else return shellOnly(word, "position close");
  }
  const limit = at === undefined ? {} : { at };
  return { kind: "deed", wanted: { kind: "close", wanted: { symbol, isAll: false, cancelsOrders, ...limit } } };
}

function readProtect(symbol: MarketSymbol, words: readonly string[]): ReadDeed {
  const said = new Map<string, string[]>();
  for (let index = 0; index < words.length; index += 1) {
    const flag = words[index] ?? "";
    if (flag === "--all") {
      said.set(flag, []);
      continue;
    }
    if (!PROTECT_FLAGS.includes(flag)) return shellOnly(flag, "position protect");
    index += 1;
    const value = words[index];
    if (value === undefined) return problem(`${flag} wants a value behind it.`);
    const before = said.get(flag) ?? [];
    if (before.length > 0 && flag !== "--target") return problem(`${flag} is given twice.`);
    said.set(flag, [...before, value]);
  }
  const flags: ProtectFlags = {
    text: (name) => said.get(`--${name}`)?.[0],
    texts: (name) => said.get(`--${name}`) ?? [],
    has: (name) => said.has(`--${name}`),
  };
  const read = readProtectFlags(flags);
  if ("problem" in read) return problem(read.problem);
  const wanted: WantedProtection = { symbol, ...read, trigger: "last", confirmation: DEFAULT_CONFIRMATION };
  return { kind: "deed", wanted: { kind: "protect", wanted } };
}

function shellOnly(word: string, command: string): ReadDeed {
  return problem(
    word.startsWith("--")
      ? `The screen does not take ${word} here; the shell may: \`tapedeck ${command} --help\`.`
      : `"${word}" is one word too many.`,
  );
}

function problem(text: string): Extract<ReadDeed, { kind: "problem" }> {
  return { kind: "problem", text };
}
