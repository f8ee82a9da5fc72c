import { readProtectFlags } from "../../core/domain/arming/protect-words.ts";
import type { WantedProtection } from "../../core/domain/arming/wanted-protection.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import { clientOrderId } from "../../core/domain/identifiers.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { DEFAULT_CONFIRMATION } from "../../core/domain/protection.ts";
import type { OptionSpec } from "../define-command.ts";
import type { OptionReader } from "../parse/option-reader.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";

export const PROTECT_FLAGS: readonly OptionSpec[] = [
  { flags: "--stop LEVEL", what: "sell all that is left when the price falls to LEVEL: 60000, or -2%" },
  { flags: "--target LEVEL", what: "sell when it rises to LEVEL[:SHARE]: 70000, +3%:50%", repeatable: true },
  { flags: "--trail DISTANCE", what: "a stop that follows the highest price: 1%, or 500 in quote" },
  { flags: "--activate LEVEL", what: "let --trail begin when the price has risen to LEVEL" },
  { flags: "--break-even LEVEL", what: "once the price has risen to LEVEL, move the stop to what was paid, with fees" },
  { flags: "--until TIME", what: "sell all that is left at TIME: 2026-01-31T12:00:00Z, or 90m, 4h, 2d from now" },
  { flags: "--quantity Q", what: "cover so much base, of the position or not", default: "the position" },
  { flags: "--all", what: "cover all that is held at the moment it sells" },
  { flags: "--entry ORDER", what: "cover what this buy of ours fills, as it fills" },
  {
    flags: "--oco ORDER",
    what: "one cancels the other: this resting sale of ours is cancelled before anything is sold",
  },
  { flags: "--exit HOW", what: "market, or limit:OFFSET like limit:0.5% below the price", default: "market" },
  {
    flags: "--trigger SOURCE",
    what: "last (trades), bid-ask (the best bid) or mark (middle of bid and ask)",
    default: "last",
  },
  { flags: "--confirm N", what: "so many prices beyond the level, one after the other, before it acts", default: "2" },
  { flags: "--hold MS", what: "and for so long", default: "0" },
];

/** @throws AppError USAGE, naming the word that does not fit. */
export function readWanted(symbolWord: string | undefined, options: OptionReader, now: Timestamp): WantedProtection {
  const symbol = symbolOf(readWord(symbolWord, "market"));
  const read = readProtectFlags(options);
  if ("problem" in read) throw usageError(read.problem, read.hint);
  const until = readUntil(options.text("until"), now);
  const entryId = readOrder(options, "entry");
  const linkedId = readOrder(options, "oco");
  return {
    symbol,
    ...read,
    ...(until === undefined ? {} : { until }),
    ...(entryId === undefined ? {} : { entryId }),
    ...(linkedId === undefined ? {} : { linkedId }),
    trigger: options.choice("trigger", ["last", "bid-ask", "mark"]) ?? "last",
    confirmation: {
      prints: options.count("confirm", { min: 1, max: 100 }) ?? DEFAULT_CONFIRMATION.prints,
      holdMs: options.count("hold", { min: 0, max: 600_000 }) ?? DEFAULT_CONFIRMATION.holdMs,
    },
  };
}

function readOrder(options: OptionReader, name: string): ClientOrderId | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : clientOrderId(readWord(text, "order"));
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function readUntil(text: string | undefined, now: Timestamp): Timestamp | undefined {
  if (text === undefined) return undefined;
  const [, count = "", unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return now + Number(count) * unitMs;
  const hasZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = hasZone ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw usageError(
    `--until takes a time with its zone, or a span, not "${text}".`,
    "For example --until 2026-01-31T12:00:00Z, or --until 4h.",
  );
}
