import { formatMoney } from "../../core/domain/money.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { safeText } from "../../core/domain/safe-text.ts";

const HIDDEN = "[secret]";
const LONGEST_TEXT = 2000;
const STACK_LINES = 12;
const DEEPEST = 6;

const SECRET_NAME = /secret|signature|api[-_]?key|token|passw|passphrase|authorization|cookie|listen[-_]?key/i;
/** `signature=…` in a URL, `"apiKey":"…"` in a quoted body, `X-MEXC-APIKEY: …` in a header. */
const SECRET_IN_TEXT =
  /((?:secret|signature|api[-_]?key|token|passw(?:or)?d|passphrase|authorization|cookie|listen[-_]?key)[\\"']*\s*[=:]\s*[\\"']*(?:bearer\s+)?)[^\s&"'\\,;}]+/gi;
/** The exchange's keys, wherever they turn up. */
const EXCHANGE_KEY = /\bmx0[a-zA-Z0-9]{6,}/g;

/** The last net under the rule that nothing secret is logged: hides what looks like a key, a signature or a token. */
export function scrubText(text: string): string {
  return safeText(text.replace(SECRET_IN_TEXT, `$1${HIDDEN}`).replace(EXCHANGE_KEY, HIDDEN), LONGEST_TEXT);
}

/** A value as a log line may show it: scrubbed, bounded, never throwing. */
export function loggable(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return scrubText(value);
  if (typeof value === "bigint") return formatMoney(value as Quantity);
  if (typeof value === "number" || typeof value === "boolean" || value == null) return value;
  if (typeof value !== "object") return `[${typeof value}]`;
  if (depth === DEEPEST) return "[deeper]";
  if (value instanceof Error) return loggableError(value, depth);
  if (Array.isArray(value)) return value.map((item) => loggable(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return loggable(value.toJSON(), depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, SECRET_NAME.test(name) ? HIDDEN : loggable(held, depth + 1)]),
  );
}

/** Only these: errors of network libraries carry the whole request, key and all. */
function loggableError(error: Error, depth: number): unknown {
  const code = "code" in error && typeof error.code === "string" ? { code: scrubText(error.code) } : {};
  const stack = (error.stack ?? "").split("\n").slice(1, STACK_LINES + 1);
  return {
    name: scrubText(error.name),
    ...code,
    message: scrubText(error.message),
    stack: stack.map((line) => scrubText(line.trim())),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause, depth + 1) }),
  };
}
