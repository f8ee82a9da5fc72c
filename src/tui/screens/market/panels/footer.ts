import type { PaintArea } from "../../../canvas/paint-area.ts";
import { footerOf, KEY_BINDINGS } from "../../../input/keymap.ts";
import { topLayer } from "../ui-state.ts";
import type { MarketView } from "../view.ts";

/** The last line: the line being typed, or the keys that mean something now. */
export function paintFooter(area: PaintArea, { ui, theme }: MarketView): void {
  const layer = topLayer(ui);
  if (layer === "command" || layer === "filter") {
    const line = layer === "command" ? ui.command : ui.filter;
    const x = area.text(0, 0, layer === "command" ? ":" : "/", theme.accent);
    area.text(x, 0, `${line.text} `, theme.strong);
    const under = [...line.text][line.cursor] ?? " ";
    area.text(x + line.cursor, 0, under, { ...theme.strong, inverse: true });
    return;
  }
  let x = 0;
  for (const { chord, word } of footerOf(KEY_BINDINGS, layer)) {
    x = area.text(x, 0, ` ${chord} `, theme.accent);
    x = area.text(x, 0, `${word} `, theme.muted);
  }
}
