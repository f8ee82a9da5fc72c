import { AUDIT_TYPES } from "../../core/domain/audit.ts";
import { symbolOf } from "../../core/domain/order-grammar.ts";
import { DOMAIN_EVENT_TYPES } from "../../core/domain/event-types.ts";
import type { EntryFilter, JournalBook } from "../../app/journal-book.ts";
import type { CommandContext, OptionSpec } from "../define-command.ts";
import { readMoment } from "../parse/read-moment.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";

export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { flags: "--since WHEN", what: "from then on: a time back like 90m, 12h or 7d, or a date" },
  { flags: "--until WHEN", what: "before then" },
  {
    flags: "--type TYPE",
    what: "only of this type, or of all that begin with this word: order, fill, backup",
    repeatable: true,
  },
  { flags: "--order ID", what: "only of this order, by our id or the exchange's" },
  { flags: "--symbol SYMBOL", what: "only what concerns this market" },
  { flags: "--all", what: "of every mode, not only the present one" },
];

const TYPES: readonly string[] = [...DOMAIN_EVENT_TYPES, ...AUDIT_TYPES];

/** @throws AppError USAGE for what cannot be a filter, a misspelt type above all: it would find nothing, in silence. */
export function readFilter({ options }: CommandContext, book: JournalBook): EntryFilter {
  const [since, until, symbol] = [options.text("since"), options.text("until"), options.text("symbol")];
  const order = options.text("order");
  const types = options.texts("type");
  for (const type of types)
    if (!TYPES.some((known) => known === type || known.startsWith(`${type}-`)))
      throw usageError(`There is no type of entry "${type}".`, `Types are: ${TYPES.join(", ")}.`);
  return {
    ...(options.has("all") ? {} : { mode: book.mode }),
    ...(since === undefined ? {} : { since: readMoment("since", since, book.now()) }),
    ...(until === undefined ? {} : { until: readMoment("until", until, book.now()) }),
    ...(symbol === undefined ? {} : { symbol: symbolOf(readWord(symbol, "market")) }),
    ...(order === undefined ? {} : { order }),
    types,
  };
}

/** Opens the journals of the home for the work, and closes them whatever happens. */
export async function withBook<T>(
  { io, services, globals, print }: CommandContext,
  work: (book: JournalBook) => T | Promise<T>,
): Promise<T> {
  const book = await services.openJournalBook({ env: io.env, profile: globals.profile });
  print.mode = book.mode;
  try {
    return await work(book);
  } finally {
    book.close();
  }
}
