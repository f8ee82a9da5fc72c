import { formatMoney } from "../../core/domain/money.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { RecordedEntry } from "../../app/journal-book.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";

const LONGEST_TEXT = 160;

/** An entry as scripts read it: money as decimal text, what cannot be read as null. */
export function entryJson(recorded: RecordedEntry) {
  const { mode, accountId, deviceId, sequence, at, type, clientOrderId, chain } = recorded;
  return {
    mode,
    account: accountId,
    device: deviceId,
    sequence,
    time: isoTime(at),
    type,
    clientOrderId: clientOrderId ?? null,
    by: fieldOf(recorded, "by"),
    why: fieldOf(recorded, "why"),
    event: recorded.entry === undefined ? null : plain(recorded.entry),
    chain,
  };
}

/** The same as one row: what happened stands in a single cell. */
export function entryRow(recorded: RecordedEntry) {
  const { event, ...row } = entryJson(recorded);
  return { ...row, event: event === null ? null : JSON.stringify(event) };
}

export const ENTRY_COLUMNS: readonly Column<RecordedEntry>[] = [
  { title: "TIME", value: ({ at }) => isoTime(at) },
  { title: "NO", value: ({ sequence }) => String(sequence), align: "right", optional: 1 },
  { title: "TYPE", value: ({ type }) => type },
  { title: "WHAT", value: textOf },
  { title: "ACCOUNT", value: ({ accountId }) => accountId, optional: 3 },
  { title: "DEVICE", value: ({ deviceId }) => deviceId, optional: 4 },
];

/** What an entry says beside its type, for people: names and values in a line. */
function textOf({ entry }: RecordedEntry): string | undefined {
  if (entry === undefined) return "cannot be read by this program";
  const { type: _type, ...rest } = entry;
  const words = flatten(plain(rest), "").map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? undefined : safeText(words.join(", "), LONGEST_TEXT);
}

/** Money becomes decimal text, so that what is left is JSON. */
function plain(value: object): object {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? formatMoney(inner as Quantity) : inner,
  );
  return JSON.parse(text) as object;
}

/** Of the values alone the innermost name counts: "symbol BTCUSDT", not "intent.draft.symbol BTCUSDT". */
function flatten(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "object")
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, Array.isArray(value) ? name : key));
  return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
}

function fieldOf({ entry }: RecordedEntry, field: "by" | "why"): string | null {
  const value = entry === undefined ? undefined : (entry as unknown as Readonly<Record<string, unknown>>)[field];
  if (typeof value === "string") return value;
  if (field === "why" && entry?.type === "trading-state-changed") return entry.state.reason ?? null;
  return null;
}
