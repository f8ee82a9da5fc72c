import type { Fill } from "../../core/domain/fill.ts";
import { formatMoney } from "../../core/domain/money.ts";
import type { OrderPart } from "../../core/domain/order-part.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import { describeLegRule } from "../../core/domain/protection-words.ts";
import type { Order, OrderState } from "../../core/domain/order.ts";
import { executedQuantity, executionOf } from "../../core/domain/order-execution.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import { legJson } from "../position/protection-json.ts";
import { fillJson, orderJson } from "./order-json.ts";

/** What was asked for: base, or quote in the market's own unit. */
function sizeText(order: Order): string {
  return order.size.kind === "base" ? formatMoney(order.size.quantity) : `${formatMoney(order.size.notional)} quote`;
}

function filledText(order: Order): string {
  const { quantity, notional, averagePrice, missingFills } = executionOf(order);
  if (quantity === 0n) return "0";
  const worth =
    notional === undefined || averagePrice === undefined
      ? ""
      : ` for ${formatMoney(notional)}, on average at ${formatMoney(averagePrice)}`;
  const unread = missingFills === 0n ? "" : `; the fills of ${formatMoney(missingFills)} are still to be read`;
  return `${formatMoney(quantity)}${worth}${unread}`;
}

/** A state in words. One that a person ended says that nobody knows: it must not pass for an end that was proven. */
export const STATE_WORDS: Readonly<Record<OrderState, string>> = {
  submitted: "submitted",
  open: "open",
  "partially-filled": "partially-filled",
  cancelling: "cancelling",
  unknown: "unknown",
  filled: "filled",
  cancelled: "cancelled",
  expired: "expired",
  rejected: "rejected",
  denied: "denied",
  "written-off": "written off — outcome never proven",
};

export const ORDER_COLUMNS: readonly Column<Order>[] = [
  { title: "ID", value: (order) => order.clientOrderId },
  { title: "SYMBOL", value: (order) => order.symbol },
  { title: "SIDE", value: (order) => order.side },
  { title: "TYPE", value: (order) => order.type, optional: 2 },
  { title: "SIZE", value: sizeText, align: "right" },
  { title: "PRICE", value: (order) => orderJson(order).price, align: "right" },
  { title: "FILLED", value: (order) => formatMoney(executedQuantity(order)), align: "right" },
  { title: "STATE", value: (order) => STATE_WORDS[order.state] },
  { title: "ORIGIN", value: (order) => order.origin },
  { title: "CREATED", value: (order) => isoTime(order.createdAt), optional: 1 },
];

const FILL_COLUMNS: readonly Column<Fill>[] = [
  { title: "FILL", value: (fill) => fill.tradeId },
  { title: "TIME", value: (fill) => isoTime(fill.at) },
  { title: "QUANTITY", value: (fill) => formatMoney(fill.quantity), align: "right" },
  { title: "PRICE", value: (fill) => formatMoney(fill.price), align: "right" },
  { title: "FEE", value: (fill) => `${formatMoney(fill.fee.quantity)} ${fill.fee.asset}`, align: "right" },
  { title: "AS", value: (fill) => fill.liquidity, optional: 1 },
];

const ORIGIN_WORDS = { foreign: "placed elsewhere", adopted: "placed elsewhere, adopted here" } as const;

/** What else is known of an order. */
export interface MoreOfOrder {
  readonly part?: OrderPart | undefined;
  /** When it was last asked for and will be again, while its outcome is not proven. */
  readonly asked?: { readonly text: string | undefined; readonly json: object };
  /** Why the part cannot do what was asked of it. */
  readonly hindrances?: readonly Denial[];
}

/** Prints an order with its fills. */
export function printOrder(
  print: Printer,
  order: Order,
  fills: readonly Fill[],
  { part, asked, hindrances = [] }: MoreOfOrder = {},
): void {
  const json = orderJson(order);
  const oldestFirst = fills.toSorted((left, right) => left.at - right.at);
  print.record({
    schema: "tapedeck.order/1",
    deed: {
      done: `order ${order.clientOrderId} is ${order.state}`,
      hint: `Look with \`tapedeck order show ${order.clientOrderId}\`; placing it again would make a second order.`,
    },
    json: {
      ...json,
      protection: part === undefined ? null : { ...partJson(part), hindrances },
      ...asked?.json,
      fills: oldestFirst.map(fillJson),
    },
    fields: [
      ["id", order.clientOrderId],
      ["exchange id", order.orderId],
      [
        "order",
        `${order.side} ${order.symbol} ${sizeText(order)}${json.price === null ? "" : ` @ ${json.price}`} (${order.type})`,
      ],
      ["state", STATE_WORDS[order.state]],
      ...(asked?.text === undefined ? [] : ([["proof", asked.text]] as const)),
      ["filled", filledText(order)],
      ["created", json.createdAt],
      ["updated", json.updatedAt],
      ...(json.reason === null ? [] : ([["reason", `${json.reason.message} (${json.reason.code})`]] as const)),
      ...(part === undefined ? [] : ([["protection", partText(part)]] as const)),
      ...(order.origin === "own" ? [] : ([["origin", ORIGIN_WORDS[order.origin]]] as const)),
    ],
    ...(fills.length === 0 ? {} : { below: ["", ...print.table(FILL_COLUMNS, oldestFirst)] }),
  });
}

function partJson(part: OrderPart): object {
  const { protectionId, state, legs } = part.protection;
  const legId = part.kind === "exit" ? part.leg.legId : null;
  return { protectionId, state, part: part.kind, legId, legs: legs.map(legJson) };
}

function partText(part: OrderPart): string {
  const { protectionId, legs } = part.protection;
  switch (part.kind) {
    case "exit":
      return `exit of ${part.leg.legId} (${describeLegRule(part.leg)}), ${protectionId}`;
    case "entry":
      return `${legs.map((leg) => `${leg.legId} ${describeLegRule(leg)}`).join(", ")}; ${protectionId}`;
    case "linked":
      return `ends when ${protectionId} sells`;
    case "close":
      return `closes what ${protectionId} stands for`;
  }
}
