import type { MarketSymbol } from "../../../core/domain/identifiers.ts";
import { marketSymbol } from "../../../core/domain/identifiers.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { KeyInspection } from "../../../core/ports/key-inspection.ts";
import { keySchema, rightsSchema, toAccountRights, toKeyFacts } from "../to-domain/key.ts";
import { ask } from "./ask.ts";
import type { TradingListsParts } from "./trading-lists.ts";
import { fetchSymbols } from "./trading-lists.ts";

export function createKeyInspection(parts: Pick<TradingListsParts, "client" | "onPoison">): KeyInspection {
  const { client } = parts;
  const call = (path: string, signal: AbortSignal) =>
    ({ method: "GET", path: `/api/v3/${path}`, signed: true, signal }) as const;

  async function markets(name: "selfSymbols" | "defaultSymbols", signal: AbortSignal) {
    const list = await fetchSymbols(parts, name, name === "selfSymbols", signal);
    return list === undefined ? undefined : [...list].map((text): MarketSymbol => marketSymbol(safeText(text, 40)));
  }

  return {
    fetchKeyFacts: async (signal) =>
      toKeyFacts(await ask(client, call("apiKeyInfo", signal), keySchema, "asking what the key may do")),
    fetchAccountRights: async (signal) =>
      toAccountRights(await ask(client, call("account", signal), rightsSchema, "asking about the account")),
    fetchKeyMarkets: (signal) => markets("selfSymbols", signal),
    fetchOpenMarkets: (signal) => markets("defaultSymbols", signal),
  };
}
