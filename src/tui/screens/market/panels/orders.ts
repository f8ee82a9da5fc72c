import { formatMoney } from "../../../../core/domain/money.ts";
import type { Order, OrderState } from "../../../../core/domain/order.ts";
import { isWorking } from "../../../../core/domain/order.ts";
import { executedQuantity, executionOf } from "../../../../core/domain/order-execution.ts";
import type { CellStyle } from "../../../canvas/style.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge, MISSING } from "../../../format/figures.ts";
import type { Theme } from "../../../theme/theme.ts";
import { wrapText } from "../notice.ts";
import { cursorIndex, orderRows, scrollOffset } from "../rows.ts";
import type { MarketView } from "../view.ts";
import type { PanelColumn } from "./columns.ts";
import { fittingColumns, leftOutText } from "./columns.ts";

const COLUMNS: readonly PanelColumn<Order>[] = [
  { name: "Age", rank: 8, cell: (order, { theme, now }) => [formatAge(now - order.createdAt), theme.muted] },
  { name: "State", rank: 2, cell: (order, view) => [stateWords(order, view), stateStyle(order.state, view.theme)] },
  { name: "Side", rank: 1, cell: (order, { theme }) => [order.side, order.side === "buy" ? theme.up : theme.down] },
  { name: "Symbol", rank: 6, cell: (order, { theme }) => [order.symbol, theme.text] },
  { name: "Quantity", rank: 3, cell: (order, { theme }) => [askedOf(order), theme.text] },
  { name: "Price", rank: 4, cell: (order, { theme }) => [priceOf(order), theme.text] },
  {
    name: "Filled",
    rank: 5,
    cell: (order, { theme }) => [
      formatMoney(executedQuantity(order)),
      executedQuantity(order) > 0n ? theme.text : theme.muted,
    ],
  },
  { name: "Average", rank: 7, cell: (order, { theme }) => [averageOf(order), theme.text] },
  { name: "Type", rank: 9, cell: (order, { theme }) => [TYPE_WORDS[order.type], theme.muted] },
];

/** Stands beside the state while an order in sight is unknown. */
const PROOF: PanelColumn<Order> = {
  name: "Proof",
  rank: 4.5,
  cell: (order, view) => [lookWords(order, view), view.theme.unknown],
};

/** Orders: what may still trade first, then what ended. An unknown order is shown as unknown and nothing else. */
export function paintOrders(area: PaintArea, view: MarketView): void {
  const { state, ui, theme } = view;
  const rows = orderRows(state);
  const working = rows.filter(isWorking).length;
  const title = `Orders · ${working} open`;
  area.text(0, 0, title, ui.panel === "orders" ? { ...theme.accent, bold: true } : theme.strong);
  const paintRestOfTitle = (proof: string, leftOut: number) => {
    const asked = proof === "" ? "" : `  ${proof}`;
    const left = leftOutText(leftOut, area.width - title.length - asked.length);
    area.text(title.length, 0, asked, theme.unknown);
    area.text(title.length + asked.length, 0, left, theme.warning);
    const funds = fundsLine(view);
    const taken = title.length + asked.length + left.length + funds.length;
    if (taken + 3 < area.width) area.textRight(area.width, 0, funds, theme.text);
  };
  if (state.session.accountId === undefined) {
    paintRestOfTitle("", 0);
    area.text(
      1,
      2,
      "No account: public data only. Keys are read from MEXC_API_KEY; `tapedeck demo` needs none.",
      theme.muted,
    );
    return;
  }
  const height = area.height - 2;
  const ids = rows.map((order) => order.clientOrderId);
  const cursor = cursorIndex(ids, ui.cursorOrder);
  const offset = scrollOffset(rows.length, height, cursor);
  const inSight = rows.slice(offset, offset + height);
  const onCursor = rows[cursor];
  const unknown = [...(onCursor === undefined ? [] : [onCursor]), ...inSight].find(({ state: is }) => is === "unknown");
  const wanted = unknown === undefined ? COLUMNS : COLUMNS.toSpliced(2, 0, PROOF);
  const { columns, leftOut } = fittingColumns(wanted, inSight, view, area.width);
  const isNamed = unknown === undefined || columns.some(({ name }) => name === PROOF.name);
  paintRestOfTitle(isNamed ? "" : lookWords(unknown, view), leftOut);
  let x = 0;
  for (const { name, width } of columns) {
    area.text(x, 1, name, theme.muted);
    x += width;
  }
  if (rows.length === 0) {
    area.text(1, 2, "No orders yet. b buys, s sells.", theme.muted);
    return;
  }
  inSight.forEach((order, index) => {
    const onCursor = ui.panel === "orders" && offset + index === cursor;
    const under = onCursor ? { background: theme.cursorBackground } : {};
    area.text(0, index + 2, " ".repeat(area.width), under);
    let column = 0;
    for (const { cell, width } of columns) {
      const [text, style] = cell(order, view);
      area.text(column, index + 2, text, { ...style, ...under });
      column += width;
    }
    const room = area.width - column;
    if (order.reason === undefined || room < 2) return;
    area.text(column, index + 2, wrapText(order.reason.message, room, 1)[0] ?? "", { ...theme.muted, ...under });
  });
}

function askedOf({ size }: Order): string {
  return size.kind === "base" ? formatMoney(size.quantity) : `${formatMoney(size.notional)} quote`;
}

function priceOf({ limitPrice }: Order): string {
  return limitPrice === undefined ? "market" : formatMoney(limitPrice);
}

function averageOf(order: Order): string {
  const { averagePrice } = executionOf(order);
  return averagePrice === undefined ? MISSING : formatMoney(averagePrice, 4).replace(/\.?0+$/, "");
}

const TYPE_WORDS = {
  limit: "limit",
  market: "market",
  "post-only": "post",
  "immediate-or-cancel": "ioc",
  "fill-or-kill": "fok",
} as const;

const STATE_WORDS: Readonly<Record<OrderState, string>> = {
  submitted: "SUBMITTED",
  open: "open",
  "partially-filled": "part filled",
  cancelling: "CANCELLING",
  unknown: "UNKNOWN",
  filled: "filled",
  cancelled: "cancelled",
  expired: "expired",
  rejected: "rejected",
  denied: "denied",
  "written-off": "WRITTEN OFF",
};

/** An unknown order says for how long; one that was placed elsewhere says so. */
function stateWords({ state, createdAt, origin }: Order, { now }: MarketView): string {
  const words = state === "unknown" ? `UNKNOWN ${formatAge(now - createdAt)}` : STATE_WORDS[state];
  return origin === "foreign" ? `${words} FOREIGN` : words;
}

/** When an unknown order was asked for and will be again, as the one who asks has told it: nothing here is reckoned. */
function lookWords({ state, clientOrderId }: Order, { lookOf, now }: MarketView): string {
  if (state !== "unknown") return "";
  const look = lookOf(clientOrderId);
  if (look === undefined) return "not asked";
  const asked = `asked ${formatAge(now - look.askedAt)}${look.isAnswered ? "" : " in vain"}`;
  return look.againAt === undefined ? asked : `${asked} next ${formatAge(Math.max(0, look.againAt - now))}`;
}

function stateStyle(state: OrderState, theme: Theme): CellStyle {
  switch (state) {
    case "unknown":
    case "written-off":
      return theme.unknown;
    case "submitted":
    case "cancelling":
      return theme.warning;
    case "open":
    case "partially-filled":
      return theme.accent;
    case "filled":
      return theme.up;
    case "rejected":
    case "denied":
      return theme.danger;
    case "cancelled":
    case "expired":
      return theme.muted;
  }
}

function fundsLine({ state }: MarketView): string {
  const { selected } = state.market;
  const instrument = selected === undefined ? undefined : state.instruments.bySymbol.get(selected);
  if (instrument === undefined) return "";
  const free = [instrument.quote, instrument.base].map((name) => {
    const balance = state.trading.balances.get(name);
    const known = state.trading.balances.size > 0;
    const amount = balance === undefined ? (known ? "0" : MISSING) : formatMoney(balance.free, 8).replace(/\.?0+$/, "");
    return `${amount} ${name}`;
  });
  return `free ${free.join(" · ")}`;
}
