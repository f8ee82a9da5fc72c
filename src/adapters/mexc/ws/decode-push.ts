import { DecodeError, ProtoReader, readFlat } from "./proto-reader.ts";

export interface DepthItem {
  readonly price: string;
  readonly quantity: string;
}
export interface DepthsBody {
  readonly asks: readonly DepthItem[];
  readonly bids: readonly DepthItem[];
  /** First and last version in the push; equal for a full `limit.depth`. */
  readonly fromVersion: number;
  readonly toVersion: number;
}

const DEAL = { price: "", quantity: "", tradeType: 0, time: 0, tradeId: "" };
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
const MINI_TICKER = { symbol: "", price: "", rate: "", high: "", low: "", volume: "", quantity: "" };
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
export type DealItem = Widened<typeof DEAL>;
export type BookTickerBody = Widened<typeof BOOK_TICKER>;
export type KlineBody = Widened<typeof KLINE>;
export type MiniTickerItem = Widened<typeof MINI_TICKER>;
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
  /** A body we have no use for. */
  | { readonly kind: "other" };

export interface Push {
  readonly channel: string;
  readonly symbol: string;
  /** When the exchange sent it, ms; 0 when it does not say. */
  readonly sendTime: number;
  readonly body: PushBody;
}

/** Decodes one frame of the stream. Field order does not matter. @throws DecodeError when the bytes make no sense. */
export function decodePush(bytes: Uint8Array): Push {
  const reader = new ProtoReader(bytes);
  let channel = "";
  let symbol = "";
  let sendTime = 0;
  let body: PushBody = { kind: "other" };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field === 1 && wireType === 2) channel = reader.string();
    else if (field === 3 && wireType === 2) symbol = reader.string();
    else if (field === 6 && wireType === 0) sendTime = reader.varint();
    else if (field >= 301 && wireType === 2) body = readBody(field, reader.message());
    else reader.skip(wireType);
  }
  return { channel, symbol, sendTime, body };
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

function readDeal(reader: ProtoReader): DealItem {
  return readFlat(reader, { 1: "price", 2: "quantity", 3: "tradeType", 4: "time", 5: "tradeId" }, DEAL);
}

function readMiniTicker(reader: ProtoReader): MiniTickerItem {
  return readFlat(
    reader,
    { 1: "symbol", 2: "price", 3: "rate", 5: "high", 6: "low", 7: "volume", 8: "quantity" },
    MINI_TICKER,
  );
}

/** A message whose first field repeats an item. */
function readList<T>(reader: ProtoReader, readItem: (reader: ProtoReader) => T): readonly T[] {
  const items: T[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag >>> 3 === 1 && (tag & 7) === 2) items.push(readItem(reader.message()));
    else reader.skip(tag & 7);
  }
  return items;
}

/** The hottest message: read by hand instead of by table. `version` of a full depth stands in the place of `from`. */
function readDepths(reader: ProtoReader): { readonly kind: "depths" } & DepthsBody {
  const asks: DepthItem[] = [];
  const bids: DepthItem[] = [];
  let fromVersion = 0;
  let toVersion = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) asks.push(readDepthItem(reader.message()));
    else if (tag === 0x12) bids.push(readDepthItem(reader.message()));
    else if (tag === 0x22) fromVersion = readVersion(reader.string());
    else if (tag === 0x2a) toVersion = readVersion(reader.string());
    else reader.skip(tag & 7);
  }
  return { kind: "depths", asks, bids, fromVersion, toVersion: toVersion === 0 ? fromVersion : toVersion };
}

/** A version that is no number would compare as neither older nor newer and let any push through. */
function readVersion(text: string): number {
  const version = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(version)) throw new DecodeError("a version is no number");
  return version;
}

function readDepthItem(reader: ProtoReader): DepthItem {
  let price = "";
  let quantity = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) price = reader.string();
    else if (tag === 0x12) quantity = reader.string();
    else reader.skip(tag & 7);
  }
  return { price, quantity };
}
