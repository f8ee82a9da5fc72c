import type { PaintArea } from "../../../canvas/paint-area.ts";
import { textWidth } from "../../../canvas/glyphs.ts";
import type { LayerName } from "../../../input/keymap.ts";
import { footerOf, KEY_BINDINGS } from "../../../input/keymap.ts";
import { guardWords } from "../guard-words.ts";
import { topLayer } from "../ui-state.ts";
import type { MarketView } from "../view.ts";

/** The last line: the line being typed, or the keys that mean something now. */
export function paintFooter(area: PaintArea, view: MarketView): void {
  const { ui, theme } = view;
  const layer = topLayer(ui);
  if (layer === "command" || layer === "filter") {
    const line = layer === "command" ? ui.command : ui.filter;
    const x = area.text(0, 0, layer === "command" ? ":" : "/", theme.accent);
    area.text(x, 0, `${line.text} `, theme.strong);
    const under = [...line.text][line.cursor] ?? " ";
    area.text(x + line.cursor, 0, under, { ...theme.strong, inverse: true });
    return;
  }
  const { guard } = view.standing;
  const told = guard === undefined ? "" : guardWords(guard, view.isGuarding, view.now);
  let x = 0;
  for (const { chord, word } of fittingKeys(layer, area.width - textWidth(told) - 1)) {
    x = area.text(x, 0, ` ${chord} `, theme.accent);
    x = area.text(x, 0, `${word} `, theme.muted);
  }
  const isMinded = guard?.isAlive === true || view.standing.positions.length === 0;
  if (told !== "") area.textRight(area.width, 0, told, isMinded ? theme.muted : theme.warning);
}

/** Whole keys only, in the table's order; the way to all of them stays, however little room there is. */
function fittingKeys(layer: LayerName, room: number): readonly { readonly chord: string; readonly word: string }[] {
  const keys = footerOf(KEY_BINDINGS, layer);
  const widthOf = ({ chord, word }: { readonly chord: string; readonly word: string }) =>
    textWidth(chord) + textWidth(word) + 3;
  const help = keys.find(({ chord }) => chord === "?");
  let left = room - (help === undefined ? 0 : widthOf(help));
  return keys.filter((key) => {
    if (key === help) return true;
    left -= widthOf(key);
    return left >= 0;
  });
}
