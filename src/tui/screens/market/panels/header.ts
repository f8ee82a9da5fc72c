import type { SyncStatus } from "../../../../app/syncing.ts";
import type { PaintArea } from "../../../canvas/paint-area.ts";
import { selectInstrument } from "../../../../app/store/selectors.ts";
import type { TradingState } from "../../../../core/domain/trading-state.ts";
import { formatAge, formatFigure, formatPercent, formatTime } from "../../../format/figures.ts";
import type { CellStyle } from "../../../canvas/style.ts";
import { textWidth } from "../../../canvas/glyphs.ts";
import { wrapText } from "../notice.ts";
import { STALE_AFTER_MS } from "./title.ts";
import type { ConnectionWords } from "../connection-words.ts";
import { openQuestions } from "../gap-questions.ts";
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

/** Of a reason, in the header. */
const LONGEST_REASON = 44;

/** One line: the mode in words, the market with its price, and how well we are connected; the least goes first. */
export function paintHeader(area: PaintArea, view: MarketView): void {
  const { theme, now } = view;
  const lefts = leftSides(view);
  const status = statusOf(view);
  const time = formatTime(now);
  const isCalm = status.troubles.length === 0;
  const told = status.troubles.join(" · ");
  const worst = status.troubles[0] ?? "";
  const rights = isCalm ? [`${status.link} · ${time}`, status.link, ""] : [`${told} · ${time}`, told, worst];
  const fits = ({ left, right }: HeaderLine) => widthOf(left) + right.length + 2 <= area.width;
  const pair = (left: readonly Piece[]) => rights.map((right) => ({ left, right }));
  const lines = [
    ...lefts.slice(0, 2).map((left) => ({ left, right: `${status.all} · ${time}` })),
    // Trouble is told in full even where it costs the market its place; a calm connection costs nothing.
    ...(isCalm ? lefts.flatMap(pair) : rights.flatMap((right) => lefts.map((left) => ({ left, right })))),
  ];
  const least = { left: [], right: wrapText(worst, Math.max(1, area.width - 2), 1)[0] ?? "" };
  const { left, right } = lines.find(fits) ?? least;
  let x = 0;
  for (const [text, style] of left) x = area.text(x, 0, text, style);
  area.textRight(area.width - 1, 0, right, isCalm ? theme.muted : theme.warning);
}

type Piece = readonly [string, CellStyle];

interface HeaderLine {
  readonly left: readonly Piece[];
  readonly right: string;
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((width, [text]) => width + textWidth(text), 0);
}

/** From the richest to the poorest. The market stands there with its whole price, or not at all. */
function leftSides(view: MarketView): readonly (readonly Piece[])[] {
  const { theme, state } = view;
  const { mode } = state.session;
  const brand: Piece = [" TAPEDECK ", theme.strong];
  const long: Piece = [MODE_WORDS[mode], theme.modes[mode]];
  const short: Piece = [` ${mode.toUpperCase()} `, theme.modes[mode]];
  const { name, change, marks } = marketPieces(view);
  return [
    [brand, long, ...name, ...change, ...marks],
    [brand, short, ...name, ...change, ...marks],
    [short, ...name, ...change, ...marks],
    [short, ...name, ...marks],
    [short, ...name],
    [short],
  ];
}

function marketPieces({ state, theme }: MarketView) {
  const { market } = state;
  if (market.selected === undefined) return { name: [], change: [], marks: [] };
  const instrument = selectInstrument(state);
  const ticker = market.tickers.get(market.selected)?.ticker;
  // The tape is ahead of the ticker, which the exchange sends every three seconds.
  const last = market.tape[0]?.price ?? ticker?.last;
  const rising = (ticker?.change ?? 0n) >= 0n;
  const colored = ticker?.change === undefined ? theme.muted : rising ? theme.up : theme.down;
  const name: readonly Piece[] = [
    [`  ${market.selected} `, theme.strong],
    [`${formatFigure(last, priceDecimals(instrument))} `, colored],
  ];
  const change: readonly Piece[] = [[`${formatPercent(ticker?.change)} `, colored]];
  const marks: Piece[] = [];
  if (instrument?.riskMarked === true) marks.push(["ST ", theme.danger]);
  if (instrument?.tradability.kind === "restricted") marks.push(["NOT TRADABLE ", theme.danger]);
  return { name, change, marks };
}

interface Status {
  /** Where from, how connected, which account: all there is to say. */
  readonly all: string;
  readonly link: string;
  /** The worst first. */
  readonly troubles: readonly string[];
}

function statusOf(view: MarketView): Status {
  const { state, health, now } = view;
  const { session, trading } = state;
  const link = linkWords(view);
  const clock = clockWords(health);
  const hasAccount = session.accountId !== undefined;
  const stopped = trading.tradingState;
  // A lock goes by itself; what a person or a trip has set stays until a person says otherwise.
  const isSet = hasAccount && (stopped.kind === "halted" || stopped.kind === "reducing");
  const rulesAgeMs = state.instruments.at === undefined ? 0 : now - state.instruments.at;
  const orders = clock.stopsOrders ? [clock.text] : [];
  const troubles = [
    ...(isSet ? [stateWords(stopped)] : []),
    ...concernWords(view),
    ...(pauseWords(health) === undefined ? [] : [pauseWords(health)?.text ?? ""]),
    ...orders,
    ...(link.trouble ? [link.text] : []),
    ...(hasAccount && stopped.kind === "locked" ? [stateWords(stopped)] : []),
    ...(session.reconcileError === undefined ? [] : ["not reconciled"]),
    ...(clock.trouble && !clock.stopsOrders ? [clock.text] : []),
    ...(rulesAgeMs > RULES_STALE_AFTER_MS ? [`rules ${formatAge(rulesAgeMs)} old`] : []),
  ];
  const calm = [
    session.exchange,
    ...(link.trouble ? [] : [link.text]),
    ...(session.reconcileError === undefined ? [accountWords(view)] : []),
    ...(clock.trouble ? [] : [clock.text]),
  ];
  return { all: [...troubles, ...calm].join(" · "), link: link.text, troubles };
}

/** What stops orders, and why; the whole reason stands where it was set. */
function stateWords(state: Exclude<TradingState, { kind: "active" }>): string {
  return `${state.kind.toUpperCase()}: ${wrapText(state.reason, LONGEST_REASON, 1)[0] ?? ""}`;
}

/** What is protected in name only, until a person does something. */
function concernWords({ state, standing }: MarketView): readonly string[] {
  const asked = openQuestions(state).length;
  const { concerns } = standing;
  const differing = state.session.needsPerson.length;
  const blocked = concerns.filter(({ kind }) => kind === "blocked").length;
  return [
    ...(asked === 0 ? [] : [`${asked} ${asked === 1 ? "QUESTION" : "QUESTIONS"} (a)`]),
    ...(differing === 0 ? [] : [`${differing} ${differing === 1 ? "NEEDS" : "NEED"} YOU (n)`]),
    ...(concerns.some(({ kind }) => kind === "nobody-guards") ? ["NOBODY GUARDS"] : []),
    ...(concerns.some(({ kind }) => kind === "other-machine-silent") ? ["OTHER MACHINE SILENT"] : []),
    ...(blocked === 0 ? [] : [`${blocked} CANNOT SELL`]),
    ...syncWords(state.session.sync),
  ];
}

/** Other machines do not hear of what is done here; nothing on this one waits for it. */
function syncWords(sync: SyncStatus | undefined): readonly string[] {
  const fault = sync?.figures.lastError;
  if (sync === undefined || fault === undefined) return [];
  return [`NOT SYNCED: ${fault.code}, ${sync.pending.rows} WAIT`];
}

/** "connected" only while something comes over the connection. */
function linkWords({ state, health }: MarketView): ConnectionWords {
  const connection = state.session.marketConnection;
  const { marketDataAgeMs } = health;
  const age = marketDataAgeMs === undefined ? "" : ` ${formatAge(marketDataAgeMs)}`;
  if (connection.kind === "waiting") return { text: `lost${age}: ${connection.why}`, trouble: true };
  if (connection.kind === "connecting") return { text: "connecting", trouble: true };
  const stalled = marketDataAgeMs !== undefined && marketDataAgeMs > STALE_AFTER_MS;
  return stalled ? { text: `STALLED${age}`, trouble: true } : { text: "connected", trouble: false };
}

function accountWords({ state, now }: MarketView): string {
  const { accountId, reconciledAt } = state.session;
  if (accountId === undefined) return "no account";
  return reconciledAt === undefined ? "reconciling" : `reconciled ${formatAge(now - reconciledAt)} ago`;
}
