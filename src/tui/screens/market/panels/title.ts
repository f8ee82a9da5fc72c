import type { PaintArea } from "../../../canvas/paint-area.ts";
import { formatAge } from "../../../format/figures.ts";
import type { MarketView } from "../view.ts";

/** Data older than this is called stale in words. */
export const STALE_AFTER_MS = 10_000;

/** A panel's first row: its name, and how old its data is. */
export function paintTitle(
  area: PaintArea,
  { theme, now }: MarketView,
  title: string,
  at: number | undefined,
  focused = false,
): void {
  area.text(0, 0, title, focused ? { ...theme.accent, bold: true } : theme.strong);
  const ageMs = at === undefined ? undefined : now - at;
  const stale = ageMs !== undefined && ageMs > STALE_AFTER_MS;
  const text = stale ? `stale ${formatAge(ageMs)}` : formatAge(ageMs);
  area.textRight(area.width, 0, text, stale ? theme.warning : theme.muted);
}
