import { z } from "zod";
import { AppError } from "../../../core/domain/errors.ts";
import type { MarketEnd } from "../../../core/domain/tradability.ts";
import type { SymbolList, TradingLists } from "../to-domain/trading-lists.ts";
import { endedSchema, symbolListSchema, toMarketEnd, toSymbolList } from "../to-domain/trading-lists.ts";
import { readRows } from "../to-domain/unreadable.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";

export interface TradingListsParts {
  readonly client: RestClient;
  readonly now: () => number;
  readonly onPoison: (what: string) => void;
}

/**
 * The lists that say which markets take orders. One that cannot be read is left out rather than failing the rest: the
 * markets' rules are worth more than a list, and what was not read is told with each market.
 */
export async function fetchTradingLists(parts: TradingListsParts, signal: AbortSignal): Promise<TradingLists> {
  const { client, now, onPoison } = parts;
  const [api, key, ended] = await Promise.all([
    orNothing(fetchSymbols({ client, onPoison }, "defaultSymbols", false, signal)),
    client.hasKeys
      ? orNothing(fetchSymbols({ client, onPoison }, "selfSymbols", true, signal))
      : ("not-asked" as const),
    orNothing(fetchEnded(parts, signal)),
  ]);
  return { api, key, ended, at: now() };
}

export async function fetchSymbols(
  { client, onPoison }: Pick<TradingListsParts, "client" | "onPoison">,
  name: "defaultSymbols" | "selfSymbols",
  signed: boolean,
  signal: AbortSignal,
): Promise<SymbolList> {
  const call = { method: "GET", path: `/api/v3/${name}`, signed, signal } as const;
  return toSymbolList(await ask(client, call, symbolListSchema, "asking which markets may be traded"), onPoison);
}

async function fetchEnded(
  { client, onPoison }: TradingListsParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MarketEnd>> {
  const call = { method: "GET", path: "/api/v3/symbol/offline", signed: false, signal } as const;
  const schema = z.object({ data: z.array(z.unknown()) });
  const { data } = await ask(client, call, schema, "asking which markets have ended");
  const rows = readRows(data, (row) => endedSchema.parse(row), onPoison);
  return new Map(rows.map((row) => [row.symbol, toMarketEnd(row)]));
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof AppError) return undefined;
    throw cause;
  }
}
