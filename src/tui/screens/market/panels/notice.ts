import type { PaintArea } from "../../../canvas/paint-area.ts";
import { noticeNow, wrapText } from "../notice.ts";
import type { MarketView } from "../view.ts";

/** A notice in full, over as many lines as the area has. */
export function paintNotice(area: PaintArea, { state, ui, theme, now }: MarketView): void {
  const notice = noticeNow(state, ui, now);
  if (notice === undefined) return;
  const styles = { error: theme.danger, warning: theme.warning, success: theme.up, info: theme.text };
  wrapText(notice.text, area.width - 2, area.height).forEach((line, index) => {
    area.text(1, index, line, styles[notice.level]);
  });
}
