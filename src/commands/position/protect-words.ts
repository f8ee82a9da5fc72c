import type { WantedProtection } from "../../core/domain/arming/wanted-protection.ts";
import type { AskedPrice } from "../../core/domain/asked-order.ts";
import { ONE, parseAskedPrice, parseShare } from "../../core/domain/asked-order.ts";
import { parseExits } from "../../core/domain/exit-words.ts";
import type { ClientOrderId, Timestamp } from "../../core/domain/identifiers.ts";
import { clientOrderId } from "../../core/domain/identifiers.ts";
import { parsePrice, parseQuantity, ratio } from "../../core/domain/money.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import type { ExitStyle, TrailDistance } from "../../core/domain/protection.ts";
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
  { flags: "--quantity Q", what: "cover so much base" },
  { flags: "--all", what: "cover all that is held at the moment it sells", default: "yes" },
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
  const trail = readTrail(options);
  const breakEven = readLevel(options, "break-even");
  const until = readUntil(options, now);
  const quantity = readQuantity(options);
  const entryId = readOrder(options, "entry");
  const linkedId = readOrder(options, "oco");
  return {
    symbol,
    exits: readExits(options),
    ...(quantity === undefined ? {} : { quantity }),
    ...(entryId === undefined ? {} : { entryId }),
    ...(linkedId === undefined ? {} : { linkedId }),
    ...(trail === undefined ? {} : { trail }),
    ...(breakEven === undefined ? {} : { breakEven }),
    ...(until === undefined ? {} : { until }),
    exit: readExit(options),
    trigger: options.choice("trigger", ["last", "bid-ask", "mark"]) ?? "last",
    confirmation: {
      prints: options.count("confirm", { min: 1, max: 100 }) ?? DEFAULT_CONFIRMATION.prints,
      holdMs: options.count("hold", { min: 0, max: 600_000 }) ?? DEFAULT_CONFIRMATION.holdMs,
    },
  };
}

function readExits(options: OptionReader): WantedProtection["exits"] {
  const stop = options.text("stop");
  const words = [
    ...options.texts("target").flatMap((level) => ["tp", level]),
    ...(stop === undefined ? [] : ["sl", stop]),
  ];
  const read = parseExits(words);
  if ("why" in read) {
    throw usageError(
      `The levels are not clear: ${read.why}.`,
      "For example --stop -2% --target +3%:50% --target +6%:50%.",
    );
  }
  return read.exits;
}

function readTrail(options: OptionReader): WantedProtection["trail"] {
  const text = options.text("trail");
  const activation = readLevel(options, "activate");
  if (text === undefined) {
    if (activation === undefined) return undefined;
    throw usageError("--activate begins a --trail, and none is given.", "Add --trail 1%.");
  }
  return { distance: parseDistance(text), ...(activation === undefined ? {} : { activation }) };
}

function parseDistance(text: string): TrailDistance {
  if (text.endsWith("%")) {
    const share = parseShare(text);
    // A stop that trails by everything never sells.
    if (share !== undefined && share !== ONE) return { kind: "ratio", ratio: share };
  } else {
    const price = parsePrice(text);
    if (price !== undefined && price > 0n) return { kind: "price", price };
  }
  throw usageError(`--trail takes a distance like 1% or 500, not "${text}".`, "For example --trail 1%.");
}

function readLevel(options: OptionReader, name: string): AskedPrice | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const asked = parseAskedPrice(text);
  if (asked === undefined || (asked.kind === "relative" && asked.by <= 0n)) {
    throw usageError(
      `--${name} takes a price or a distance above like +2%, not "${text}".`,
      `For example --${name} +2%.`,
    );
  }
  return asked;
}

function readQuantity(options: OptionReader) {
  const text = options.text("quantity");
  const given = ["all", "entry", "oco"].filter((name) => options.has(name) || options.text(name) !== undefined);
  if (options.has("all") && (text !== undefined || given.length > 1)) {
    throw usageError(
      "--all covers everything, so that --quantity, --entry and --oco have no place beside it.",
      "Leave --all away.",
    );
  }
  if (text === undefined) return undefined;
  const quantity = parseQuantity(text);
  if (quantity === undefined || quantity <= 0n) {
    throw usageError(`--quantity takes a number above zero, not "${text}".`, "For example --quantity 0.01.");
  }
  return quantity;
}

function readOrder(options: OptionReader, name: string): ClientOrderId | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : clientOrderId(readWord(text, "order"));
}

function readExit(options: OptionReader): ExitStyle {
  const text = options.text("exit");
  if (text === undefined || text === "market") return { kind: "market" };
  const [kind, offsetText = ""] = text.split(":");
  const offset = kind === "limit" ? parseShare(offsetText) : undefined;
  if (offset === undefined || offset >= MOST_OFFSET) {
    throw usageError(
      `--exit is market, or limit:OFFSET with an OFFSET below 20%, not "${text}".`,
      "For example --exit limit:0.5%.",
    );
  }
  return { kind: "limit", offset };
}

/** Three attempts go three times as low, and that must still be a price somebody may have meant. */
const MOST_OFFSET = ratio("0.2");
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function readUntil(options: OptionReader, now: Timestamp): Timestamp | undefined {
  const text = options.text("until");
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
