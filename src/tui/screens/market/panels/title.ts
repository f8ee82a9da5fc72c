import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge } from "../../../format/figures.ts";
import type { MarketView } from "../view.ts";

/** Data older than this is called quiet, or stale when the feed itself has stopped. */
export const STALE_AFTER_MS = 10_000;

export interface AgeWords {
  readonly text: string;
  readonly isTrouble: boolean;
}

/**
 * How old data is. A market where nothing happens is quiet; stale is what the feed no longer carries: the connection is
 * gone, or nothing has come over it from any market.
 */
export function ageWords({ now, state, health }: MarketView, at: number | undefined): AgeWords {
  if (at === undefined) return { text: formatAge(undefined), isTrouble: false };
  const ageMs = now - at;
  if (ageMs <= STALE_AFTER_MS) return { text: formatAge(ageMs), isTrouble: false };
  const flows =
    state.session.marketConnection.kind === "connected" &&
    health.marketDataAgeMs !== undefined &&
    health.marketDataAgeMs <= STALE_AFTER_MS;
  return flows
    ? { text: `${formatAge(ageMs)} quiet`, isTrouble: false }
    : { text: `stale ${formatAge(ageMs)}`, isTrouble: true };
}

/** A panel's first row: its name, and how old its data is. */
export function paintTitle(
  area: PaintArea,
  view: MarketView,
  title: string,
  at: number | undefined,
  focused = false,
): void {
  paintTitleWith(area, view, title, ageWords(view, at), focused);
}

export function paintTitleWith(
  area: PaintArea,
  { theme }: MarketView,
  title: string,
  { text, isTrouble }: AgeWords,
  focused = false,
): void {
  area.text(0, 0, title, focused ? { ...theme.accent, bold: true } : theme.strong);
  area.textRight(area.width, 0, text, isTrouble ? theme.warning : theme.muted);
}
