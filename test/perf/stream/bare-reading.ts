import { Wrapper } from "../../adapters/mexc/push-schema.ts";
import type { BareReading } from "./bare-contestant.ts";
import { nothingRead } from "./bare-contestant.ts";
import type { Recording, StreamKind } from "./recording.ts";

type Item = Readonly<Record<string, string | number>>;

const LISTS: Readonly<Record<StreamKind, readonly [body: string, ...lists: string[]]>> = {
  depth: ["publicAggreDepths", "asks", "bids"],
  "limit-depth": ["publicLimitDepths", "asks", "bids"],
  deals: ["publicAggreDeals", "deals"],
  "mini-tickers": ["publicMiniTickers", "items"],
};
const DECIMALS: Readonly<Record<StreamKind, readonly string[]>> = {
  depth: ["price", "quantity"],
  "limit-depth": ["price", "quantity"],
  deals: ["price", "quantity"],
  "mini-tickers": ["price", "rate", "zonedRate", "high", "low", "volume", "quantity"],
};
const TEXTS: Readonly<Record<StreamKind, readonly string[]>> = {
  depth: [],
  "limit-depth": [],
  deals: ["tradeId"],
  "mini-tickers": ["symbol"],
};

/** What a bare loop has to have read, by the reference library. */
export function expectedReading({ frames, kind }: Recording, decimalsAsText: boolean): BareReading {
  const reading = nothingRead();
  const [body, ...lists] = LISTS[kind];
  for (const frame of frames) {
    const push = Wrapper.toObject(Wrapper.decode(frame)) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    for (const list of lists)
      for (const item of (push[body]?.[list] ?? []) as readonly Item[]) {
        for (const name of TEXTS[kind]) reading.characters += String(item[name] ?? "").length;
        for (const name of DECIMALS[kind]) add(reading, String(item[name] ?? ""), decimalsAsText);
      }
  }
  return reading;
}

function add(reading: BareReading, text: string, decimalsAsText: boolean): void {
  if (decimalsAsText) {
    reading.characters += text.length;
    return;
  }
  const [, fraction = ""] = text.split(".");
  reading.decimals += 1;
  reading.digits += Number(text.replace(".", ""));
  reading.behindPoint += fraction.length;
}
