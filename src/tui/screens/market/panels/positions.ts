import type { PositionReport } from "../../../../app/portfolio-books.ts";
import type { BadgeState, ProtectionBadge } from "../../../../core/domain/protection-badge.ts";
import type { Money } from "../../../../core/domain/money.ts";
import { formatMoney } from "../../../../core/domain/money.ts";
import type { CellStyle } from "../../../canvas/style.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge, formatFigure, formatFitting, MISSING } from "../../../format/figures.ts";
import type { Theme } from "../../../theme/theme.ts";
import { badgeText } from "../badge-words.ts";
import { wrapText } from "../notice.ts";
import { cursorIndex, scrollOffset } from "../rows.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";
import type { PanelColumn } from "./columns.ts";
import { fittingColumns, leftOutText } from "./columns.ts";

/** Room for the longest word a badge has, and the beginning of a reason. */
const BADGE_ROOM = 22;
const GAIN_ROOM = 14;

const COLUMNS: readonly PanelColumn<PositionReport>[] = [
  { name: "Symbol", rank: 1, cell: ({ position }, { theme }) => [position.symbol, theme.strong] },
  { name: "Quantity", rank: 2, cell: ({ position }, { theme }) => [formatMoney(position.quantity), theme.text] },
  { name: "Average", rank: 4, cell: ({ position }, view) => [averageOf(position, view), view.theme.text] },
  {
    name: "Unrealised",
    rank: 3,
    cell: ({ value, price }, { theme }) =>
      price === undefined ? [`${MISSING} no price`, theme.muted] : gain(value.unrealised, theme),
  },
  { name: "Realised", rank: 5, cell: realisedCell },
];

/** What is held, what it has brought, and what a trader may rely on should the price fall while nobody looks. */
export function paintPositions(area: PaintArea, view: MarketView): void {
  const { ui, theme, standing } = view;
  const { positions, unread } = standing;
  const focused = ui.panel === "positions";
  const title = `Positions · ${positions.length}`;
  area.text(0, 0, title, focused ? { ...theme.accent, bold: true } : theme.strong);
  const notRead = unread === undefined ? "" : `  not read anew: ${unread}`;
  area.text(title.length, 0, notRead, theme.warning);
  if (positions.length === 0) {
    area.text(1, 1, "Nothing is held that was bought here.", theme.muted);
    return;
  }
  const height = area.height - 2;
  const cursor = cursorIndex(
    positions.map(({ position }) => position.symbol),
    ui.cursorPosition,
  );
  const offset = scrollOffset(positions.length, height, cursor);
  const inSight = positions.slice(offset, offset + height);
  const { columns, leftOut } = fittingColumns(COLUMNS, inSight, view, area.width - BADGE_ROOM);
  const room = area.width - title.length - notRead.length;
  area.text(title.length + notRead.length, 0, leftOutText(leftOut, room), theme.warning);
  let x = 0;
  for (const { name, width } of columns) {
    area.text(x, 1, name, theme.muted);
    x += width;
  }
  area.text(x, 1, "Guard", theme.muted);
  inSight.forEach((report, index) => {
    const y = index + 2;
    const under = focused && offset + index === cursor ? { background: theme.cursorBackground } : {};
    area.text(0, y, " ".repeat(area.width), under);
    let column = 0;
    for (const { cell, width } of columns) {
      const [text, style] = cell(report, view);
      area.text(column, y, text, { ...style, ...under });
      column += width;
    }
    const badge = fittingBadge(report.protection, Math.max(1, area.width - column));
    area.text(column, y, badge, { ...badgeStyle(report.protection.state, theme), ...under });
  });
}

/** The heartbeat is worth more than the process where both have no room. */
function fittingBadge(badge: ProtectionBadge, room: number): string {
  const whole = badgeText(badge);
  if (whole.length <= room || badge.state !== "protected") return wrapText(whole, room, 1)[0] ?? "";
  const short = `PROTECTED (${formatAge(badge.heartbeatAgeMs)})`;
  return short.length <= room ? short : "PROTECTED";
}

function badgeStyle(state: BadgeState, theme: Theme): CellStyle {
  return { protected: theme.up, degraded: theme.warning, unprotected: theme.danger }[state];
}

function averageOf({ averageCost, symbol }: PositionReport["position"], { state }: MarketView): string {
  const instrument = state.instruments.bySymbol.get(symbol);
  // Where no rules tell the tick, the digits themselves do.
  return instrument === undefined && averageCost !== undefined
    ? formatMoney(averageCost)
    : formatFigure(averageCost, priceDecimals(instrument));
}

/** Fees that nobody knows the worth of are not in the figure, so that it is the most there can be. */
function realisedCell({ value }: PositionReport, { theme, ascii }: MarketView): readonly [string, CellStyle] {
  const [text, style] = gain(value.realised, theme);
  const most = ascii ? "<=" : "≤";
  return value.without.size === 0 ? [text, style] : [`${most}${text}`, style];
}

function gain(value: Money | undefined, theme: Theme): readonly [string, CellStyle] {
  const text = formatFitting(value, 2, GAIN_ROOM);
  if (value === undefined || value === 0n) return [text, theme.muted];
  return value > 0n ? [`+${text}`, theme.up] : [text, theme.down];
}
