import { z } from "zod";
import type { Timestamp } from "../../../core/domain/identifiers.ts";
import type { ListEntry, MarketEnd, TradabilityFacts } from "../../../core/domain/tradability.ts";
import { timeSchema } from "./unreadable.ts";

/** A list of market names; undefined when it could not be read or was empty, which says nothing about any market. */
export type SymbolList = ReadonlySet<string> | undefined;

/** What the exchange says about markets beside their rules. */
export interface TradingLists {
  /** Open to the API. */
  readonly api: SymbolList;
  /** Open to our key; `not-asked` without one. */
  readonly key: SymbolList | "not-asked";
  /** Suspended and delisted; undefined when it could not be read. */
  readonly ended: ReadonlyMap<string, MarketEnd> | undefined;
  readonly at: Timestamp;
}

/** Success comes as code 0 and as code 200; the list stands under `data` in both. */
export const symbolListSchema = z.object({ data: z.array(z.unknown()) });

/** Names of markets need not be ASCII, and each has a letter or a digit: a placeholder for all of them is none. */
const nameSchema = z.string().regex(/^[^\s\p{C}]*[\p{L}\p{N}][^\s\p{C}]*$/u, "no name of a market");

/** Entries that are no names go to `onPoison`; a list of nothing else says nothing about any market. */
export function toSymbolList({ data }: z.infer<typeof symbolListSchema>, onPoison: (what: string) => void): SymbolList {
  const names = new Set<string>();
  for (const entry of data) {
    const name = nameSchema.safeParse(entry);
    if (name.success) names.add(name.data);
    else onPoison("an entry of a list of markets is no name of one");
  }
  return names.size === 0 ? undefined : names;
}

export const endedSchema = z.object({
  symbol: z.string().min(1),
  state: z.union([z.literal(2), z.literal(3)]),
  offlineTime: timeSchema.nullish(),
});

export function toMarketEnd({ state, offlineTime }: z.infer<typeof endedSchema>): MarketEnd {
  const at = offlineTime == null || offlineTime === 0 ? {} : { at: offlineTime };
  return { kind: state === 2 ? "suspended" : "delisted", ...at };
}

/** What the lists say of one market. */
export function factsOf(
  { api, key, ended, at }: TradingLists,
  symbol: string,
): Pick<TradabilityFacts, "apiList" | "keyList" | "end" | "now"> {
  return {
    apiList: entryOf(api, symbol),
    keyList: key === "not-asked" ? "not-asked" : entryOf(key, symbol),
    end: ended === undefined ? "not-read" : ended.get(symbol),
    now: at,
  };
}

function entryOf(list: SymbolList, symbol: string): ListEntry {
  if (list === undefined) return "not-read";
  return list.has(symbol) ? "named" : "missing";
}
