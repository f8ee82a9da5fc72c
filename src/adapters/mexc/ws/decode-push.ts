import { ASKS, BIDS, DepthChanges } from "./depth-changes.ts";
import { DecodeError, ProtoReader } from "./proto-reader.ts";
import type { TextMemory } from "./text-memory.ts";
import type { WireDecimal } from "./wire-decimal.ts";
import { readDecimal } from "./wire-decimal.ts";

export interface DepthsBody {
  readonly changes: DepthChanges;
  /** First and last version in the push; equal for a full `limit.depth`. */
  readonly fromVersion: number;
  readonly toVersion: number;
}

const BOOK_TICKER = { bidPrice: "", bidQuantity: "", askPrice: "", askQuantity: "" };
const KLINE = {
  interval: "",
  windowStart: 0,
  openingPrice: "",
  closingPrice: "",
  highestPrice: "",
  lowestPrice: "",
  volume: "",
  amount: "",
};
const ORDER = {
  id: "",
  clientId: "",
  price: "",
  quantity: "",
  orderType: 0,
  tradeType: 0,
  cumulativeQuantity: "",
  cumulativeAmount: "",
  status: 0,
  createTime: 0,
};
const PRIVATE_DEAL = {
  price: "",
  quantity: "",
  amount: "",
  tradeType: 0,
  isMaker: false,
  tradeId: "",
  clientOrderId: "",
  orderId: "",
  feeAmount: "",
  feeCurrency: "",
  time: 0,
};
const ACCOUNT = { vcoinName: "", balanceAmount: "", frozenAmount: "", type: "", time: 0 };

type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends number ? number : boolean;
};
export interface DealItem {
  readonly price: WireDecimal;
  readonly quantity: WireDecimal;
  readonly tradeType: number;
  readonly time: number;
  readonly tradeId: string;
}
export type BookTickerBody = Widened<typeof BOOK_TICKER>;
export type KlineBody = Widened<typeof KLINE>;
export interface MiniTickerItem {
  readonly symbol: string;
  readonly price: WireDecimal;
  readonly zonedRate: WireDecimal;
  readonly high: WireDecimal;
  readonly low: WireDecimal;
  readonly volume: WireDecimal;
  readonly quantity: WireDecimal;
}
export type OrderBody = Widened<typeof ORDER>;
export type PrivateDealBody = Widened<typeof PRIVATE_DEAL>;
export type AccountBody = Widened<typeof ACCOUNT>;

export type PushBody =
  | { readonly kind: "deals"; readonly deals: readonly DealItem[] }
  | ({ readonly kind: "depths" } & DepthsBody)
  | ({ readonly kind: "book-ticker" } & BookTickerBody)
  | ({ readonly kind: "kline" } & KlineBody)
  | { readonly kind: "mini-tickers"; readonly items: readonly MiniTickerItem[] }
  | ({ readonly kind: "order" } & OrderBody)
  | ({ readonly kind: "private-deal" } & PrivateDealBody)
  | ({ readonly kind: "account" } & AccountBody)
  /** No body, or one we have no use for. */
  | { readonly kind: "other" };

export interface Push {
  readonly channel: string;
  readonly symbol: string;
  /** When the exchange sent it, ms; 0 when it does not say. */
  readonly sendTime: number;
  readonly body: PushBody;
}

/** The bodies of the wrapper; what stands beyond is no body, and comes beside one. */
const FIRST_BODY = 301;
const LAST_BODY = 315;
/** Beyond this no moment can be written as a date. */
const LAST_MOMENT = 8_640_000_000_000_000;

/**
 * Decodes one frame of the stream. Field order does not matter.
 * @param memory saves making the names anew that come with every push
 * @throws DecodeError when the bytes make no sense
 */
export function decodePush(bytes: Uint8Array, memory?: TextMemory): Push {
  const reader = new ProtoReader(bytes);
  let channel = "";
  let symbol = "";
  let sendTime = 0;
  let body: PushBody = { kind: "other" };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field === 1 && wireType === 2) channel = readName(reader, memory);
    else if (field === 3 && wireType === 2) symbol = readName(reader, memory);
    else if (field === 6 && wireType === 0) sendTime = reader.whole();
    else if (field >= FIRST_BODY && field <= LAST_BODY && wireType === 2) {
      const outer = reader.enter();
      body = readBody(field, reader);
      reader.leave(outer);
    } else reader.skip(wireType);
  }
  if (sendTime > LAST_MOMENT) throw new DecodeError("a time is none");
  return { channel, symbol, sendTime, body };
}

function readName(reader: ProtoReader, memory: TextMemory | undefined): string {
  if (memory === undefined) return reader.text();
  const start = reader.passBlock();
  return memory.read(reader.bytes, start, reader.at);
}

function readBody(field: number, reader: ProtoReader): PushBody {
  switch (field) {
    case 314:
      return { kind: "deals", deals: readList(reader, readDeal) };
    case 313:
    case 303:
      return readDepths(reader);
    case 315:
    case 305:
      return {
        kind: "book-ticker",
        ...readFlat(reader, { 1: "bidPrice", 2: "bidQuantity", 3: "askPrice", 4: "askQuantity" }, BOOK_TICKER),
      };
    case 308:
      return { kind: "kline", ...readFlat(reader, KLINE_FIELDS, KLINE) };
    case 309:
      return { kind: "mini-tickers", items: [readMiniTicker(reader)] };
    case 310:
      return { kind: "mini-tickers", items: readList(reader, readMiniTicker) };
    case 304:
      return { kind: "order", ...readFlat(reader, ORDER_FIELDS, ORDER) };
    case 306:
      return { kind: "private-deal", ...readFlat(reader, PRIVATE_DEAL_FIELDS, PRIVATE_DEAL) };
    case 307:
      return {
        kind: "account",
        ...readFlat(reader, { 1: "vcoinName", 3: "balanceAmount", 5: "frozenAmount", 7: "type", 8: "time" }, ACCOUNT),
      };
    default:
      return { kind: "other" };
  }
}

// Open, close, high, low: in this order on the wire.
const KLINE_FIELDS = {
  1: "interval",
  2: "windowStart",
  3: "openingPrice",
  4: "closingPrice",
  5: "highestPrice",
  6: "lowestPrice",
  7: "volume",
  8: "amount",
} as const;
const ORDER_FIELDS = {
  1: "id",
  2: "clientId",
  3: "price",
  4: "quantity",
  7: "orderType",
  8: "tradeType",
  13: "cumulativeQuantity",
  14: "cumulativeAmount",
  15: "status",
  16: "createTime",
} as const;
const PRIVATE_DEAL_FIELDS = {
  1: "price",
  2: "quantity",
  3: "amount",
  4: "tradeType",
  5: "isMaker",
  7: "tradeId",
  8: "clientOrderId",
  9: "orderId",
  10: "feeAmount",
  11: "feeCurrency",
  12: "time",
} as const;

// The messages that come by the thousand are read by hand: by table they take twice as long.

function readDeal(reader: ProtoReader): DealItem {
  let price: WireDecimal = "";
  let quantity: WireDecimal = "";
  let [tradeType, time, tradeId] = [0, 0, ""];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) price = readDecimal(reader);
    else if (tag === 0x12) quantity = readDecimal(reader);
    else if (tag === 0x18) tradeType = reader.whole();
    else if (tag === 0x20) time = reader.whole();
    else if (tag === 0x2a) tradeId = reader.text();
    else reader.skip(tag & 7);
  }
  return { price, quantity, tradeType, time, tradeId };
}

function readMiniTicker(reader: ProtoReader): MiniTickerItem {
  let symbol = "";
  let price: WireDecimal = "";
  let zonedRate: WireDecimal = "";
  let high: WireDecimal = "";
  let low: WireDecimal = "";
  let volume: WireDecimal = "";
  let quantity: WireDecimal = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) symbol = reader.text();
    else if (tag === 0x12) price = readDecimal(reader);
    else if (tag === 0x22) zonedRate = readDecimal(reader);
    else if (tag === 0x2a) high = readDecimal(reader);
    else if (tag === 0x32) low = readDecimal(reader);
    else if (tag === 0x3a) volume = readDecimal(reader);
    else if (tag === 0x42) quantity = readDecimal(reader);
    else reader.skip(tag & 7);
  }
  return { symbol, price, zonedRate, high, low, volume, quantity };
}

/** A message whose first field repeats an item. */
function readList<T>(reader: ProtoReader, readItem: (reader: ProtoReader) => T): readonly T[] {
  const items: T[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) {
      const outer = reader.enter();
      items.push(readItem(reader));
      reader.leave(outer);
    } else reader.skip(tag & 7);
  }
  return items;
}

/** The hottest message. `version` of a full depth stands in the place of `from`. */
function readDepths(reader: ProtoReader): { readonly kind: "depths" } & DepthsBody {
  const changes = new DepthChanges(reader.bytes, reader.at, reader.end);
  let fromVersion = 0;
  let toVersion = 0;
  reader.at = changes.runEnd;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === ASKS || tag === BIDS) {
      const start = reader.passBlock();
      changes.add(tag === BIDS, start, reader.at);
    } else if (tag === 0x22) fromVersion = readVersion(reader);
    else if (tag === 0x2a) toVersion = readVersion(reader);
    else reader.skip(tag & 7);
  }
  return { kind: "depths", changes, fromVersion, toVersion: toVersion === 0 ? fromVersion : toVersion };
}

/**
 * A version that is no number would compare as neither older nor newer and let any push through; one beyond 2^53 could
 * not be told from its neighbours. The exchange counts to eleven digits.
 */
function readVersion(reader: ProtoReader): number {
  const start = reader.passBlock();
  const { bytes, at: end } = reader;
  let version = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) throw new DecodeError("a version is no number");
    version = version * 10 + digit;
  }
  if (start === end || version > Number.MAX_SAFE_INTEGER) throw new DecodeError("a version is no number");
  return version;
}

/**
 * Reads a flat message by a table of field number → name and kind. Absent fields keep the default of proto3, unknown
 * ones are skipped, and a field of another wire type than the schema's is skipped too.
 */
function readFlat<T extends Readonly<Record<string, string | number | boolean>>>(
  reader: ProtoReader,
  fields: Readonly<Record<number, keyof T & string>>,
  defaults: T,
): T {
  const message: Record<string, string | number | boolean> = { ...defaults };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    const name = fields[tag >>> 3];
    const wireType = tag & 7;
    const fallback = name === undefined ? undefined : defaults[name];
    if (name === undefined || fallback === undefined) reader.skip(wireType);
    else if (wireType === 2 && typeof fallback === "string") message[name] = reader.text();
    else if (wireType === 0 && typeof fallback === "number") message[name] = reader.whole();
    else if (wireType === 0 && typeof fallback === "boolean") message[name] = reader.varint() !== 0;
    else reader.skip(wireType);
  }
  return message as T;
}
