import { averagePrice, formatMoney } from "../../../../core/domain/money.ts";
import type { Order, OrderState } from "../../../../core/domain/order.ts";
import { isWorking } from "../../../../core/domain/order.ts";
import type { CellStyle } from "../../../canvas/style.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge, MISSING } from "../../../format/figures.ts";
import type { Theme } from "../../../theme/theme.ts";
import { cursorIndex, orderRows, scrollOffset } from "../rows.ts";
import type { MarketView } from "../view.ts";

/** The state comes early: on a narrow screen the columns at the right are the ones to be lost. */
const COLUMNS = [
  { name: "Age", width: 5 },
  { name: "State", width: 17 },
  { name: "Side", width: 5 },
  { name: "Symbol", width: 11 },
  { name: "Quantity", width: 13 },
  { name: "Price", width: 11 },
  { name: "Filled", width: 13 },
  { name: "Average", width: 12 },
  { name: "Type", width: 7 },
] as const;

/** Orders: what may still trade first, then what ended. An unknown order is shown as unknown and nothing else. */
export function paintOrders(area: PaintArea, view: MarketView): void {
  const { state, ui, theme, now } = view;
  const rows = orderRows(state);
  const working = rows.filter(isWorking).length;
  const title = `Orders · ${working} open`;
  area.text(0, 0, title, ui.panel === "orders" ? { ...theme.accent, bold: true } : theme.strong);
  const funds = fundsLine(view);
  if (title.length + funds.length + 3 < area.width) area.textRight(area.width, 0, funds, theme.text);
  if (state.session.accountId === undefined) {
    area.text(
      1,
      2,
      "No account: public data only. Keys are read from MEXC_API_KEY; `tapedeck demo` needs none.",
      theme.muted,
    );
    return;
  }
  const shown = fittingColumns(area.width);
  let x = 0;
  for (const { name, width } of COLUMNS.slice(0, shown)) {
    area.text(x, 1, name.padEnd(width), theme.muted);
    x += width;
  }
  if (rows.length === 0) {
    area.text(1, 2, "No orders yet. b buys, s sells.", theme.muted);
    return;
  }
  const height = area.height - 2;
  const ids = rows.map((order) => order.clientOrderId);
  const cursor = cursorIndex(ids, ui.cursorOrder);
  const offset = scrollOffset(rows.length, height, cursor);
  rows.slice(offset, offset + height).forEach((order, index) => {
    const onCursor = ui.panel === "orders" && offset + index === cursor;
    const under = onCursor ? { background: theme.cursorBackground } : {};
    area.text(0, index + 2, " ".repeat(area.width), under);
    let column = 0;
    cellsOf(order, theme, now)
      .slice(0, shown)
      .forEach(([text, style], cell) => {
        const width = COLUMNS[cell]?.width ?? 0;
        area.text(column, index + 2, text.slice(0, Math.max(0, area.width - column)).padEnd(width), {
          ...style,
          ...under,
        });
        column += width;
      });
    if (order.reason !== undefined) {
      area.text(column, index + 2, order.reason.message, { ...theme.muted, ...under });
    }
  });
}

/** A column is shown whole or not at all: half a number is a wrong number. */
function fittingColumns(width: number): number {
  let used = 0;
  return COLUMNS.filter((column) => (used += column.width) <= width).length;
}

function cellsOf(order: Order, theme: Theme, now: number): readonly (readonly [string, CellStyle])[] {
  const side = order.side === "buy" ? theme.up : theme.down;
  const asked =
    order.size.kind === "base" ? formatMoney(order.size.quantity) : `${formatMoney(order.size.notional)} quote`;
  const average =
    order.filledQuantity === 0n
      ? MISSING
      : formatMoney(averagePrice(order.filledNotional, order.filledQuantity, "half-even"), 4).replace(/\.?0+$/, "");
  return [
    [formatAge(now - order.createdAt), theme.muted],
    [STATE_WORDS[order.state], stateStyle(order.state, theme)],
    [order.side, side],
    [order.symbol, theme.text],
    [asked, theme.text],
    [order.limitPrice === undefined ? "market" : formatMoney(order.limitPrice), theme.text],
    [formatMoney(order.filledQuantity), order.filledQuantity > 0n ? theme.text : theme.muted],
    [average, theme.text],
    [TYPE_WORDS[order.type], theme.muted],
  ];
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
  "partially-filled": "partially filled",
  cancelling: "CANCELLING",
  unknown: "UNKNOWN",
  filled: "filled",
  cancelled: "cancelled",
  expired: "expired",
  rejected: "rejected",
  denied: "denied",
};

function stateStyle(state: OrderState, theme: Theme): CellStyle {
  switch (state) {
    case "unknown":
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
