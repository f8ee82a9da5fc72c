import { existsSync, readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";
import { marketSymbol } from "../../core/domain/identifiers.ts";
import { parseNotional, parseRatio, ratio } from "../../core/domain/money.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { backupSchema } from "./backup-settings.ts";
import { configError } from "./config-error.ts";
import { syncSchema } from "./sync-target.ts";

const decimal = (read: (text: string) => bigint | undefined, what: string) =>
  z.string().refine((text) => (read(text) ?? -1n) > 0n, `a decimal above zero in quotes, for example ${what}`);

/** The exchange takes no more, an account. */
export const MOST_OPEN_ORDERS = 500;

const amountByQuote = z.record(z.string().regex(/^[A-Z0-9]{1,20}$/), decimal(parseNotional, '"1000"'));
const share = (what: string) =>
  decimal(parseRatio, `"0.25" for 25 % ${what}`).refine(
    (text) => (parseRatio(text) ?? 0n) <= ratio("1"),
    "at most 1, which is all of it",
  );
/** As the exchange spells them: upper case, not always of ASCII. */
const symbols = z
  .array(
    z
      .string()
      .regex(/^[^\s\p{C}\p{Ll}]{1,40}$/u, 'a market in upper case, for example "BTCUSDT"')
      .transform(marketSymbol),
  )
  .max(1_000);

const limitsSchema = z.strictObject({
  largest_order: amountByQuote.optional(),
  price_collar: decimal(parseRatio, '"0.1" for 10 %').optional(),
  stale_quote_ms: z.int().min(500).max(60_000).optional(),
  exposure_per_symbol: amountByQuote.optional(),
  exposure_total: amountByQuote.optional(),
  concentration: share("of the account's worth").optional(),
  orders_per_minute: z.int().min(1).max(720).optional(),
  max_open_orders: z.int().min(1).max(MOST_OPEN_ORDERS).optional(),
  allow_symbols: symbols.optional(),
  block_symbols: symbols.optional(),
  allow_st: z.boolean().optional(),
  quote_reserve: amountByQuote.optional(),
});

const tripsSchema = z.strictObject({
  daily_loss: z.strictObject({ USDT: decimal(parseNotional, '"100"') }).optional(),
  drawdown: share("below the best").optional(),
  error_rate: z.union([z.literal(false), share("of orders and cancels")]).optional(),
  stale_data_ms: z.union([z.literal(false), z.int().min(5_000).max(3_600_000)]).optional(),
  clock_drift: z.boolean().optional(),
  reconcile_failures: z.union([z.literal(false), z.int().min(2).max(1_000)]).optional(),
  action: z.enum(["reduce", "halt"]).optional(),
});

/** As a host stands in an address: lower case, other scripts in punycode, a port only where it is not TLS's own. */
const hostSchema = z
  .string()
  .max(253 + 6)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, 'a host like "exchange.example.org", without https://');

const profileSchema = z.strictObject({
  mode: z.enum(["live", "demo"]),
  lot_method: z.enum(["fifo", "average"]).optional(),
  trusted_hosts: z.array(hostSchema).max(8).optional(),
  limits: limitsSchema.optional(),
  trips: tripsSchema.optional(),
});

const fileSchema = z.strictObject({
  default_profile: z.string().optional(),
  backup: backupSchema.optional(),
  sync: syncSchema.optional(),
  profile: z.record(z.string().regex(/^[a-z0-9_-]{1,32}$/), profileSchema).optional(),
});

export type ConfigFile = z.infer<typeof fileSchema>;
export type ProfileSettings = z.infer<typeof profileSchema>;

/**
 * Reads the user's TOML file; a missing file is an empty one.
 * @throws AppError CONFIG_UNREADABLE or CONFIG_INVALID, with every problem listed at once.
 */
export function readConfigFile(file: string): ConfigFile {
  if (!existsSync(file)) return {};
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "unreadable";
    throw configError("CONFIG_UNREADABLE", `${file} is no readable TOML: ${safeText(why)}.`, "Mend the file.", cause);
  }
  const result = fileSchema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`);
  throw configError(
    "CONFIG_INVALID",
    `${file} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${safeText(problems.join("; "), 600)}.`,
    "Mend the named settings and start again.",
  );
}
