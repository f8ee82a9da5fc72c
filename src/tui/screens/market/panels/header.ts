import type { PaintArea } from "../../../canvas/paint-area.ts";
import { selectInstrument } from "../../../../app/store/selectors.ts";
import { formatAge, formatFigure, formatPercent, formatTime } from "../../../format/figures.ts";
import { clockWords, pauseWords } from "../connection-words.ts";
import { priceDecimals } from "../view.ts";
import type { MarketView } from "../view.ts";

const MODE_WORDS = {
  live: " LIVE · real orders ",
  paper: " PAPER · no orders ",
  demo: " DEMO · simulated money ",
  replay: " REPLAY ",
} as const;

/** The rules are read again every quarter of an hour; twice that says that it does not work. */
const RULES_STALE_AFTER_MS = 30 * 60_000;

/** One line: the mode in words, the market, and how well we are connected. */
export function paintHeader(area: PaintArea, { state, theme, now, health }: MarketView): void {
  const { session, market } = state;
  let x = area.text(0, 0, " TAPEDECK ", theme.strong);
  x = area.text(x, 0, MODE_WORDS[session.mode], theme.modes[session.mode]) + 1;
  const instrument = selectInstrument(state);
  if (market.selected !== undefined) {
    const ticker = market.tickers.get(market.selected)?.ticker;
    // The tape is ahead of the ticker, which the exchange sends every three seconds.
    const last = market.tape[0]?.price ?? ticker?.last;
    x = area.text(x + 1, 0, market.selected, theme.strong) + 1;
    const rising = (ticker?.change ?? 0n) >= 0n;
    const colored = ticker?.change === undefined ? theme.muted : rising ? theme.up : theme.down;
    x = area.text(x, 0, formatFigure(last, priceDecimals(instrument)), colored) + 1;
    x = area.text(x, 0, formatPercent(ticker?.change), colored) + 1;
    if (instrument?.riskMarked === true) x = area.text(x, 0, "ST", theme.danger) + 1;
    if (instrument?.tradability.kind === "restricted") x = area.text(x, 0, "NOT TRADABLE", theme.danger) + 1;
  }
  const rulesAgeMs = state.instruments.at === undefined ? 0 : now - state.instruments.at;
  if (rulesAgeMs > RULES_STALE_AFTER_MS) {
    x = area.text(x, 0, `rules ${formatAge(rulesAgeMs)} old`, theme.warning) + 1;
  }
  const right = rightSide(state, health, now);
  const style = right.ok ? theme.muted : theme.warning;
  const room = area.width - x - 2;
  const fitting = [right.text, right.short, formatTime(now)].find((text) => text.length <= room);
  // Trouble is told even where it has to cover something; a clock is not.
  if (right.ok) area.textRight(area.width - 1, 0, fitting ?? "", style);
  else area.textRight(area.width - 1, 0, ` ${fitting === right.text ? right.text : right.short}`, style);
}

function rightSide(
  { session, trading }: MarketView["state"],
  health: MarketView["health"],
  now: number,
): { readonly text: string; readonly short: string; readonly ok: boolean } {
  const connection = session.marketConnection;
  const link =
    connection.kind === "connected"
      ? "connected"
      : connection.kind === "waiting"
        ? `lost: ${connection.why}`
        : "connecting";
  const account =
    session.accountId === undefined
      ? "no account"
      : session.reconcileError !== undefined
        ? "not reconciled"
        : session.reconciledAt === undefined
          ? "reconciling"
          : `reconciled ${formatAge(now - session.reconciledAt)} ago`;
  const tradingWord =
    trading.tradingState.kind === "active" || session.accountId === undefined
      ? ""
      : ` · TRADING ${trading.tradingState.kind.toUpperCase()}`;
  const clock = clockWords(health);
  const troubles = [pauseWords(health), clock.trouble ? clock : undefined].flatMap((words) => words?.text ?? []);
  const told = troubles.map((text) => ` · ${text}`).join("");
  const ok =
    connection.kind === "connected" &&
    tradingWord === "" &&
    session.reconcileError === undefined &&
    troubles.length === 0;
  const clockText = clock.trouble ? "" : ` · ${clock.text}`;
  return {
    text: `${session.exchange} · ${link} · ${account}${tradingWord}${told}${clockText} · ${formatTime(now)}`,
    short: `${link}${tradingWord}${told} · ${formatTime(now)}`,
    ok,
  };
}
