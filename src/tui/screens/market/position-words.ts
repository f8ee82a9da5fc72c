import type { WantedProtection } from "../../../core/domain/arming/wanted-protection.ts";
import type { AskedPrice } from "../../../core/domain/asked-order.ts";
import { ONE, parseAskedPrice, parseShare } from "../../../core/domain/asked-order.ts";
import { parseExits } from "../../../core/domain/exit-words.ts";
import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { parsePrice, parseQuantity } from "../../../core/domain/money.ts";
import type { TrailDistance } from "../../../core/domain/protection.ts";
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
  const exitWords: string[] = [];
  const said = new Map<string, string>();
  for (let index = 0; index < words.length; index += 2) {
    const [flag = "", value] = words.slice(index, index + 2);
    if (!PROTECT_FLAGS.includes(flag)) return shellOnly(flag, "position protect");
    if (value === undefined) return problem(`${flag} wants a value behind it.`);
    if (flag === "--stop") exitWords.push("sl", value);
    else if (flag === "--target") exitWords.push("tp", value);
    else if (said.has(flag)) return problem(`${flag} is given twice.`);
    else said.set(flag, value);
  }
  const read = parseExits(exitWords);
  if ("why" in read) return problem(`The levels are not clear: ${read.why}.`);
  const parts = readParts(said);
  if ("text" in parts) return parts;
  const wanted: WantedProtection = {
    symbol,
    exits: read.exits,
    ...parts.parts,
    exit: { kind: "market" },
    trigger: "last",
    confirmation: DEFAULT_CONFIRMATION,
  };
  return { kind: "deed", wanted: { kind: "protect", wanted } };
}

type Parts = Pick<WantedProtection, "trail" | "breakEven" | "quantity">;

function readParts(
  said: ReadonlyMap<string, string>,
): { readonly parts: Parts } | Extract<ReadDeed, { kind: "problem" }> {
  const above = (flag: string): AskedPrice | undefined | "wrong" => {
    const text = said.get(flag);
    if (text === undefined) return undefined;
    const asked = parseAskedPrice(text);
    return asked === undefined || (asked.kind === "relative" && asked.by <= 0n) ? "wrong" : asked;
  };
  const activation = above("--activate");
  const breakEven = above("--break-even");
  for (const [flag, level] of [
    ["--activate", activation],
    ["--break-even", breakEven],
  ] as const)
    if (level === "wrong") return problem(`${flag} takes a price or a distance above like +2%.`);
  const trailText = said.get("--trail");
  const distance = trailText === undefined ? undefined : parseDistance(trailText);
  if (trailText !== undefined && distance === undefined)
    return problem(`--trail takes a distance like 1% or 500, not "${trailText}".`);
  if (distance === undefined && activation !== undefined)
    return problem("--activate begins a --trail, and none is given.");
  const quantityText = said.get("--quantity");
  const quantity = quantityText === undefined ? undefined : parseQuantity(quantityText);
  if (quantityText !== undefined && (quantity === undefined || quantity <= 0n))
    return problem(`--quantity takes a number above zero, not "${quantityText}".`);
  return {
    parts: {
      ...(quantity === undefined ? {} : { quantity }),
      ...(breakEven === undefined || breakEven === "wrong" ? {} : { breakEven }),
      ...(distance === undefined
        ? {}
        : { trail: { distance, ...(activation === undefined || activation === "wrong" ? {} : { activation }) } }),
    },
  };
}

/** A stop that trails by everything never sells. */
function parseDistance(text: string): TrailDistance | undefined {
  if (text.endsWith("%")) {
    const share = parseShare(text);
    return share === undefined || share === ONE ? undefined : { kind: "ratio", ratio: share };
  }
  const price = parsePrice(text);
  return price === undefined || price <= 0n ? undefined : { kind: "price", price };
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
