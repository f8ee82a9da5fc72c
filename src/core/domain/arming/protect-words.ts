import type { AskedPrice } from "../asked-order.ts";
import { ONE, parseAskedPrice, parseShare } from "../asked-order.ts";
import { parseExits } from "../exit-words.ts";
import { parsePrice, parseQuantity, ratio } from "../money.ts";
import type { ExitStyle, TrailDistance } from "../protection.ts";
import type { WantedProtection } from "./wanted-protection.ts";

/** What stands behind the flags of `position protect`, wherever it was typed. Names are without their dashes. */
export interface ProtectFlags {
  text(name: string): string | undefined;
  /** Of a flag that may come again. */
  texts(name: string): readonly string[];
  /** Whether a flag without a value is there. */
  has(name: string): boolean;
}

/** Why the words are none of the grammar, and what would be. */
export interface WordProblem {
  readonly problem: string;
  readonly hint: string;
}

export type ReadProtection = Omit<
  WantedProtection,
  "symbol" | "trigger" | "confirmation" | "entryId" | "linkedId" | "until"
>;

/** The grammar of a protection, one for the shell and for the line of the screen; a time is read where clocks are known. */
export function readProtectFlags(flags: ProtectFlags): ReadProtection | WordProblem {
  const exits = readExits(flags);
  if ("problem" in exits) return exits;
  const trail = readTrail(flags);
  if (trail !== undefined && "problem" in trail) return trail;
  const breakEven = readLevel(flags, "break-even");
  if (breakEven !== undefined && "problem" in breakEven) return breakEven;
  const quantity = readQuantity(flags);
  if (typeof quantity === "object") return quantity;
  const exit = readExit(flags.text("exit"));
  if ("problem" in exit) return exit;
  return {
    exits,
    ...(quantity === undefined ? {} : { quantity }),
    ...(flags.has("all") ? { isAll: true } : {}),
    ...(trail === undefined ? {} : { trail }),
    ...(breakEven === undefined ? {} : { breakEven }),
    exit,
  };
}

function readExits(flags: ProtectFlags): WantedProtection["exits"] | WordProblem {
  const stop = flags.text("stop");
  const words = [
    ...flags.texts("target").flatMap((level) => ["tp", level]),
    ...(stop === undefined ? [] : ["sl", stop]),
  ];
  const read = parseExits(words);
  if ("why" in read) {
    return problem(
      `The levels are not clear: ${read.why}.`,
      "For example --stop -2% --target +3%:50% --target +6%:50%.",
    );
  }
  return read.exits;
}

function readTrail(flags: ProtectFlags): WantedProtection["trail"] | WordProblem {
  const text = flags.text("trail");
  const activation = readLevel(flags, "activate");
  if (activation !== undefined && "problem" in activation) return activation;
  if (text === undefined) {
    if (activation === undefined) return undefined;
    return problem("--activate begins a --trail, and none is given.", "Add --trail 1%.");
  }
  const distance = parseDistance(text);
  if (distance === undefined)
    return problem(`--trail takes a distance like 1% or 500, not "${text}".`, "For example --trail 1%.");
  return { distance, ...(activation === undefined ? {} : { activation }) };
}

function parseDistance(text: string): TrailDistance | undefined {
  if (text.endsWith("%")) {
    const share = parseShare(text);
    // A stop that trails by everything never sells.
    return share === undefined || share === ONE ? undefined : { kind: "ratio", ratio: share };
  }
  const price = parsePrice(text);
  return price === undefined || price <= 0n ? undefined : { kind: "price", price };
}

function readLevel(flags: ProtectFlags, name: string): AskedPrice | WordProblem | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const asked = parseAskedPrice(text);
  if (asked === undefined || (asked.kind === "relative" && asked.by <= 0n)) {
    return problem(
      `--${name} takes a price or a distance above like +2%, not "${text}".`,
      `For example --${name} +2%.`,
    );
  }
  return asked;
}

function readQuantity(flags: ProtectFlags): WantedProtection["quantity"] | WordProblem {
  const text = flags.text("quantity");
  const others = ["entry", "oco"].some((name) => flags.text(name) !== undefined);
  if (flags.has("all") && (text !== undefined || others)) {
    return problem(
      "--all covers everything, so that --quantity, --entry and --oco have no place beside it.",
      "Leave --all away.",
    );
  }
  if (text === undefined) return undefined;
  const quantity = parseQuantity(text);
  if (quantity !== undefined && quantity > 0n) return quantity;
  return problem(`--quantity takes a number above zero, not "${text}".`, "For example --quantity 0.01.");
}

/** Three attempts go three times as low, and that must still be a price somebody may have meant. */
const MOST_OFFSET = ratio("0.2");

function readExit(text: string | undefined): ExitStyle | WordProblem {
  if (text === undefined || text === "market") return { kind: "market" };
  const [kind, offsetText = ""] = text.split(":");
  const offset = kind === "limit" ? parseShare(offsetText) : undefined;
  if (offset !== undefined && offset < MOST_OFFSET) return { kind: "limit", offset };
  return problem(
    `--exit is market, or limit:OFFSET with an OFFSET below 20%, not "${text}".`,
    "For example --exit limit:0.5%.",
  );
}

function problem(text: string, hint: string): WordProblem {
  return { problem: text, hint };
}
