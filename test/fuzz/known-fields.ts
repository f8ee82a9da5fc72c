import type { Push } from "../../src/adapters/mexc/ws/decode-push.ts";
import { readLevels, shortest, Wrapper } from "../adapters/mexc/push-schema.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Of each body the name we give it and the fields we read. */
const BODIES: Readonly<Record<string, readonly [kind: string, ...fields: string[]]>> = {
  publicAggreBookTicker: ["book-ticker", "bidPrice", "bidQuantity", "askPrice", "askQuantity"],
  publicBookTicker: ["book-ticker", "bidPrice", "bidQuantity", "askPrice", "askQuantity"],
  publicSpotKline: [
    ...(["kline", "interval", "windowStart", "openingPrice", "closingPrice", "highestPrice"] as const),
    ...["lowestPrice", "volume", "amount"],
  ],
  privateOrders: [
    ...(["order", "id", "clientId", "price", "quantity", "orderType", "tradeType", "cumulativeQuantity"] as const),
    ...["cumulativeAmount", "status", "createTime"],
  ],
  privateDeals: [
    ...(["private-deal", "price", "quantity", "amount", "tradeType", "isMaker", "tradeId", "clientOrderId"] as const),
    ...["orderId", "feeAmount", "feeCurrency", "time"],
  ],
  privateAccount: ["account", "vcoinName", "balanceAmount", "frozenAmount", "type", "time"],
};
/** Of items that come in lists first the decimals, which we may have read already, then the others. */
const DEAL = [
  ["price", "quantity"],
  ["tradeType", "time", "tradeId"],
] as const;
const MINI_TICKER = [["price", "zonedRate", "high", "low", "volume", "quantity"], ["symbol"]] as const;
type ItemFields = readonly [decimals: readonly string[], others: readonly string[]];

/** The fields that our decoder promises, as the reference library reads them. */
export function fieldsByReference(bytes: Uint8Array): Fields {
  const push = Wrapper.toObject(Wrapper.decode(bytes), {
    longs: Number,
    defaults: true,
    arrays: true,
    oneofs: true,
  }) as Fields;
  const name = (push["body"] ?? "") as string;
  // Optional ones have no default of their own; to us they are as empty as the others.
  const head = { symbol: "", sendTime: 0, ...pick(push, ["channel"]) };
  return { ...head, ...given(push, ["symbol", "sendTime"]), ...bodyByReference(name, push[name] as Fields) };
}

function bodyByReference(name: string, body: Fields): Fields {
  const known = BODIES[name];
  if (known !== undefined) {
    const [kind, ...fields] = known;
    return { kind, ...pick(body, fields) };
  }
  switch (name) {
    case "publicAggreDeals":
      return { kind: "deals", deals: list(body, "deals", DEAL) };
    case "publicMiniTickers":
      return { kind: "mini-tickers", items: list(body, "items", MINI_TICKER) };
    case "publicMiniTicker":
      return { kind: "mini-tickers", items: [pickItem(body, MINI_TICKER)] };
    case "publicAggreDepths":
      return { kind: "depths", ...levels(body), from: Number(body["fromVersion"]), to: Number(body["toVersion"]) };
    case "publicLimitDepths":
      return { kind: "depths", ...levels(body), from: Number(body["version"]), to: Number(body["version"]) };
    default:
      return { kind: "other" };
  }
}

/** The same fields as we have read them. */
export function fieldsOfOurs({ channel, symbol, sendTime, body }: Push): Fields {
  const head = { channel, symbol, sendTime };
  if (body.kind === "deals") return { ...head, ...body, deals: body.deals.map((deal) => pickItem({ ...deal }, DEAL)) };
  if (body.kind === "mini-tickers")
    return { ...head, ...body, items: body.items.map((item) => pickItem({ ...item }, MINI_TICKER)) };
  if (body.kind !== "depths") return { ...head, ...body };
  return { ...head, kind: "depths", ...readLevels(body.changes), from: body.fromVersion, to: body.toVersion };
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

function given(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

function list(body: Fields, name: string, fields: ItemFields): readonly Fields[] {
  return (body[name] as readonly Fields[]).map((item) => pickItem(item, fields));
}

/** With decimals in one form, whoever has read them. */
function pickItem(item: Fields, [decimals, others]: ItemFields): Fields {
  const read = decimals.map((name) => [name, shortest(item[name] as string | bigint)] as const);
  return { ...pick(item, others), ...Object.fromEntries(read) };
}

function levels(body: Fields): Fields {
  const side = (name: string) =>
    (body[name] as readonly Fields[]).map((level) => ({
      price: shortest(level["price"] as string),
      quantity: shortest(level["quantity"] as string),
    }));
  return { asks: side("asks"), bids: side("bids") };
}
