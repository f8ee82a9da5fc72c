import { Text } from "ink";
import type { ReactNode } from "react";
import { textWidth } from "../../canvas/glyphs.ts";
import type { ModalProps } from "./modals.tsx";
import { Frame } from "./modals.tsx";
import { wrapText } from "./notice.ts";
import { helpList, toldList } from "./scrolled-list.ts";

/** The frame, its title, and the line that says what is above and below. */
const ROWS_AROUND = 5;
const MOST_ROWS_A_LINE = 6;

export function HelpModal(props: ModalProps): ReactNode {
  return <ScrolledModal {...props} title="Keys" lines={helpList()} empty="" />;
}

export function ToldModal(props: ModalProps): ReactNode {
  return <ScrolledModal {...props} title="What was told" lines={toldList(props.app)} empty="Nothing yet." />;
}

/** Nothing is cut: what has no room is counted, and j and k go there. */
function ScrolledModal({
  ui,
  theme,
  columns,
  rows,
  title,
  lines,
  empty,
}: ModalProps & { readonly title: string; readonly lines: readonly string[]; readonly empty: string }): ReactNode {
  const width = Math.min(columns, 100);
  const room = Math.max(1, rows - ROWS_AROUND);
  const shown: string[] = [];
  let count = 0;
  for (const line of lines.slice(ui.scrolled)) {
    const wrapped = textWidth(line) <= width - 4 ? [line || " "] : wrapText(line, width - 4, MOST_ROWS_A_LINE);
    if (shown.length > 0 && shown.length + wrapped.length > room) break;
    shown.push(...wrapped);
    count += 1;
  }
  const below = lines.length - ui.scrolled - count;
  return (
    <Frame title={title} theme={theme} width={width}>
      {lines.length === 0 ? <Text dimColor>{empty}</Text> : null}
      {shown.slice(0, room).map((line, index) => (
        <Text key={index} wrap="truncate">
          {line}
        </Text>
      ))}
      <Text dimColor>
        {ui.scrolled > 0 ? `${ui.scrolled} above (k) · ` : ""}
        {below > 0 ? `${below} below (j) · ` : ""}Esc closes
      </Text>
    </Frame>
  );
}
