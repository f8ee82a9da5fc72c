import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { App } from "../../../app/app.ts";
import { Canvas } from "../../canvas/canvas.tsx";
import type { PaintArea } from "../../canvas/paint-area.ts";
import type { Theme } from "../../theme/theme.ts";
import type { MarketController } from "./controller.ts";
import { CancelModal, QuitModal, TicketModal } from "./modals.tsx";
import { DeedModal } from "./deed-modal.tsx";
import { HelpModal, ToldModal } from "./scrolled-modals.tsx";
import { GuardOnModal } from "./guard-on-modal.tsx";
import { PanicModal } from "./panic-modal.tsx";
import { QuestionModal } from "./question-modal.tsx";
import { createChartPainter } from "./panels/chart.ts";
import { paintFooter } from "./panels/footer.ts";
import { paintHeader } from "./panels/header.ts";
import { paintLadder } from "./panels/ladder.ts";
import { paintNotice } from "./panels/notice.ts";
import { paintOrders } from "./panels/orders.ts";
import { paintPositions } from "./panels/positions.ts";
import { paintTape } from "./panels/tape.ts";
import { paintWatchlist } from "./panels/watchlist.ts";
import type { ShownNotice } from "./notice.ts";
import { wrapText } from "./notice.ts";
import type { UiState } from "./ui-state.ts";
import { topLayer } from "./ui-state.ts";
import type { MarketView } from "./view.ts";
import { readView } from "./view.ts";

export const SMALLEST = { columns: 60, rows: 16 } as const;

/** From this width on the markets have a column of their own; below it they take the tape's place while in focus. */
const LIST_COLUMNS = 96;

/** Four hundred characters at sixty columns: the longest there is. */
const MOST_NOTICE_ROWS = 7;

export interface MarketScreenProps {
  readonly app: App;
  readonly controller: MarketController;
  readonly ui: UiState;
  readonly notice: ShownNotice | undefined;
  /** In how many markets something is held. */
  readonly positions: number;
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** From this height on positions and orders have room beside each other; below it the positions take the orders' place. */
const BOTH_ROWS = 22;
const MOST_POSITIONS = 4;

/** How many rows the positions have within their border, and whether the orders are there, too. */
function roomForPositions(of: { readonly rows: number; readonly held: number; readonly inFocus: boolean }) {
  if (of.rows < BOTH_ROWS) return of.inFocus ? { positions: 5, orders: false } : { positions: 0, orders: true };
  if (of.held === 0 && !of.inFocus) return { positions: 0, orders: true };
  const most = of.rows < 30 ? 2 : MOST_POSITIONS;
  return { positions: 2 + Math.max(1, Math.min(of.held, most)), orders: true };
}

/** Watchlist, candles, ladder, tape and orders. React lays it out; every panel draws itself. */
export function MarketScreen(props: MarketScreenProps): ReactNode {
  const { app, controller, ui, notice, positions, theme, ascii, columns, rows } = props;
  const painters = useMemo(() => {
    const read = () => readView(app, controller, theme, ascii);
    const on = (paint: (area: PaintArea, view: MarketView) => void) => (area: PaintArea) => {
      paint(area, read());
    };
    return {
      header: on(paintHeader),
      watchlist: on(paintWatchlist),
      chart: createChartPainter(read),
      ladder: on(paintLadder),
      tape: on(paintTape),
      orders: on(paintOrders),
      positions: on(paintPositions),
      notice: on(paintNotice),
      footer: on(paintFooter),
    };
  }, [app, controller, theme, ascii]);

  if (columns < SMALLEST.columns || rows < SMALLEST.rows) {
    return (
      <Box width={columns} height={rows} alignItems="center" justifyContent="center">
        <Text>
          {columns}×{rows} is too small; {SMALLEST.columns}×{SMALLEST.rows} is enough
        </Text>
      </Box>
    );
  }
  const noticeRows = notice === undefined ? 0 : wrapText(notice.text, columns - 2, MOST_NOTICE_ROWS).length;
  const wide = columns >= 180;
  const ordersHeight = Math.max(5, Math.min(12, Math.floor(rows * 0.24)));
  const shows = roomForPositions({ rows, held: positions, inFocus: ui.panel === "positions" });
  const border = ascii ? "classic" : "round";
  const panel = { borderStyle: border, borderColor: theme.border } as const;
  const focused = (name: UiState["panel"]) => (ui.panel === name ? { borderColor: theme.focusedBorder } : {});
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Box height={1}>
        <Canvas paint={painters.header} />
      </Box>
      <Box flexGrow={1} flexBasis={0} minHeight={0}>
        {columns >= LIST_COLUMNS ? (
          <Box {...panel} {...focused("watchlist")} width={columns >= 150 ? 44 : 34}>
            <Canvas paint={painters.watchlist} />
          </Box>
        ) : null}
        <Box flexGrow={1} flexDirection="column">
          <Box {...panel} flexGrow={1}>
            <Canvas paint={painters.chart} />
          </Box>
          {shows.positions === 0 ? null : (
            <Box {...panel} {...focused("positions")} height={shows.positions + 2} flexShrink={0}>
              <Canvas paint={painters.positions} />
            </Box>
          )}
          {shows.orders ? (
            <Box {...panel} {...focused("orders")} height={ordersHeight + 2} flexShrink={0}>
              <Canvas paint={painters.orders} />
            </Box>
          ) : null}
        </Box>
        {wide ? (
          <>
            <Box {...panel} width={36}>
              <Canvas paint={painters.ladder} />
            </Box>
            <Box {...panel} width={36}>
              <Canvas paint={painters.tape} />
            </Box>
          </>
        ) : (
          <Box flexDirection="column" width={columns >= 110 ? 34 : 28}>
            <Box {...panel} flexGrow={3} flexBasis={0}>
              <Canvas paint={painters.ladder} />
            </Box>
            {columns < LIST_COLUMNS && ui.panel === "watchlist" ? (
              <Box {...panel} {...focused("watchlist")} flexGrow={2} flexBasis={0}>
                <Canvas paint={painters.watchlist} />
              </Box>
            ) : (
              <Box {...panel} flexGrow={2} flexBasis={0}>
                <Canvas paint={painters.tape} />
              </Box>
            )}
          </Box>
        )}
      </Box>
      {noticeRows === 0 ? null : (
        <Box height={noticeRows} flexShrink={0}>
          <Canvas paint={painters.notice} />
        </Box>
      )}
      <Box height={1} flexShrink={0}>
        <Canvas paint={painters.footer} />
      </Box>
      <Modal app={app} ui={ui} theme={theme} columns={columns} rows={rows} />
    </Box>
  );
}

function Modal(props: {
  readonly app: App;
  readonly ui: UiState;
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}): ReactNode {
  const layer = topLayer(props.ui);
  const shown =
    layer === "ticket" ? (
      <TicketModal {...props} />
    ) : layer === "cancel" ? (
      <CancelModal {...props} />
    ) : layer === "question" ? (
      <QuestionModal {...props} />
    ) : layer === "panic" ? (
      <PanicModal {...props} />
    ) : layer === "quit" ? (
      <QuitModal {...props} />
    ) : layer === "guard-on" ? (
      <GuardOnModal {...props} />
    ) : layer === "deed" ? (
      <DeedModal {...props} />
    ) : layer === "told" ? (
      <ToldModal {...props} />
    ) : layer === "help" ? (
      <HelpModal {...props} />
    ) : null;
  if (shown === null) return null;
  return (
    <Box position="absolute" width={props.columns} height={props.rows} alignItems="center" justifyContent="center">
      {shown}
    </Box>
  );
}
