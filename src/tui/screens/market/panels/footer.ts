import type { PaintArea } from "../../../canvas/paint-area.ts";
import { footerOf, KEY_BINDINGS } from "../../../input/keymap.ts";
import { topLayer } from "../ui-state.ts";
import type { MarketView } from "../view.ts";

/** The last line: a message, the line being typed, or the keys that mean something now. */
export function paintFooter(area: PaintArea, { state, ui, theme }: MarketView): void {
  const layer = topLayer(ui);
  if (layer === "command" || layer === "filter") {
    const line = layer === "command" ? ui.command : ui.filter;
    const x = area.text(0, 0, layer === "command" ? ":" : "/", theme.accent);
    area.text(x, 0, `${line.text} `, theme.strong);
    const under = [...line.text][line.cursor] ?? " ";
    area.text(x + line.cursor, 0, under, { ...theme.strong, inverse: true });
    return;
  }
  const notice = ui.message ?? state.session.notices.at(-1);
  let x = 0;
  for (const { chord, word } of footerOf(KEY_BINDINGS, layer)) {
    x = area.text(x, 0, ` ${chord} `, theme.accent);
    x = area.text(x, 0, `${word} `, theme.muted);
  }
  if (notice === undefined) return;
  const style =
    notice.level === "error"
      ? theme.danger
      : notice.level === "warning"
        ? theme.warning
        : notice.level === "success"
          ? theme.up
          : theme.text;
  const room = area.width - x - 2;
  if (room >= 16) area.textRight(area.width, 0, cut(notice.text, room), style);
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}
