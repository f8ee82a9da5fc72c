import type { AskedPrice } from "./asked-order.ts";
import { formatAskedPrice, formatShare, ONE, parseAskedPrice, parseShare } from "./asked-order.ts";
import type { Ratio } from "./money.ts";
import { add, subtract } from "./money.ts";

/** One step of a take-profit ladder: at this level, sell this part of what was bought. */
export interface AskedTakeProfit {
  /** Relative to what the entry cost. */
  readonly level: AskedPrice;
  readonly share: Ratio;
}

/** What should sell again what an order buys. */
export interface AskedExits {
  readonly takeProfits: readonly AskedTakeProfit[];
  readonly stopLoss?: AskedPrice;
}

export type ParsedExits = { readonly kind: "exits"; readonly exits: AskedExits } | { readonly why: string };

const ZERO = 0n as Ratio;

/** Whether a word opens the exits: `tp` or `sl` with a level behind it. An asset may have the same name. */
export function opensExits(word: string | undefined, next: string | undefined): boolean {
  return isExitWord(word) && next !== undefined && parseLevel(next) !== undefined;
}

export function isExitWord(word: string | undefined): boolean {
  return word !== undefined && /^(?:tp|sl)$/i.test(word);
}

/**
 * Reads `tp LEVEL[:SHARE]` and `sl LEVEL`, in any order. A level is a price or a distance from the entry. Of several
 * take-profits one may leave its share away: it sells what the others leave.
 */
export function parseExits(words: readonly string[]): ParsedExits {
  const steps: { level: AskedPrice; share: Ratio | undefined }[] = [];
  let stopLoss: AskedPrice | undefined;
  for (let index = 0; index < words.length; index += 2) {
    const [name = "", text] = words.slice(index, index + 2);
    if (!isExitWord(name)) return { why: `"${name}" is one word too many` };
    const isStop = name.toLowerCase() === "sl";
    const read = text === undefined ? undefined : parseLevel(text);
    if (read === undefined)
      return { why: `behind ${name} belongs a price or a distance like ${isStop ? "-1.5%" : "+3%"}` };
    const { level, share } = read;
    if (isStop) {
      if (stopLoss !== undefined) return { why: "there is more than one sl" };
      if (share !== undefined) return { why: "an sl takes no share: it sells all that is left" };
      if (level.kind === "relative" && level.by >= 0n)
        return { why: `a stop lies below the entry: sl -1.5%, not ${text}` };
      stopLoss = level;
    } else {
      if (level.kind === "relative" && level.by <= 0n)
        return { why: `a take-profit lies above the entry: tp +3%, not ${text}` };
      steps.push({ level, share });
    }
  }
  const told = steps.reduce((sum, step) => add(sum, step.share ?? ZERO), ZERO);
  const untold = steps.filter((step) => step.share === undefined).length;
  if (untold > 1) return { why: "how much each tp sells is missing: tp +3%:50% tp +6%:50%" };
  if (told > ONE || (untold === 1 && told >= ONE)) return { why: "the take-profits sell more than all" };
  const takeProfits = steps.map(({ level, share }) => ({ level, share: share ?? subtract(ONE, told) }));
  return { kind: "exits", exits: { takeProfits, ...(stopLoss === undefined ? {} : { stopLoss }) } };
}

/** The canonical words, with a space in front of each: "" without exits. */
export function formatExits(exits: AskedExits | undefined): string {
  if (exits === undefined) return "";
  const steps = exits.takeProfits.map(({ level, share }) => {
    const part = share === ONE ? "" : `:${formatShare(share)}`;
    return ` tp ${formatAskedPrice(level)}${part}`;
  });
  return `${steps.join("")}${exits.stopLoss === undefined ? "" : ` sl ${formatAskedPrice(exits.stopLoss)}`}`;
}

function parseLevel(text: string): { readonly level: AskedPrice; readonly share: Ratio | undefined } | undefined {
  const [levelText = "", shareText, ...more] = text.split(":");
  const level = parseAskedPrice(levelText);
  const share = shareText === undefined ? undefined : parseShare(shareText);
  if (level === undefined || more.length > 0 || (shareText !== undefined && share === undefined)) return undefined;
  return { level, share };
}
