import type { DOMElement } from "ink";
import { Box, measureElement, Text } from "ink";
import type { ReactNode } from "react";
import { useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { CanvasSlot, Compositor } from "./compositor.ts";
import { CompositorContext, CoverLevel } from "./compositor-context.ts";
import { createGrid, rowAnsi } from "./grid.ts";
import type { Painter } from "./paint-area.ts";
import { createPaintArea } from "./paint-area.ts";
import { createStyleTable } from "./style.ts";

export interface CanvasProps {
  readonly paint: Painter;
}

/**
 * Room on the screen that a hot panel draws into by itself. React lays it out and never sees its content, so a change
 * of data costs neither a render nor a layout.
 */
export function Canvas({ paint }: CanvasProps): ReactNode {
  const compositor = useContext(CompositorContext);
  return compositor === undefined ? <TextCanvas paint={paint} /> : <HotCanvas paint={paint} compositor={compositor} />;
}

function HotCanvas({ paint, compositor }: CanvasProps & { readonly compositor: Compositor }): ReactNode {
  const level = useContext(CoverLevel);
  const box = useRef<DOMElement>(null);
  const slot = useRef<CanvasSlot>({ box: undefined, painter: paint, level });
  slot.current.painter = paint;

  useLayoutEffect(() => compositor.addCanvas(slot.current), [compositor]);
  // Every commit may have moved the box, so it is measured after every commit and before the next frame.
  useLayoutEffect(() => {
    slot.current.box = box.current === null ? undefined : measureElement(box.current);
    compositor.request();
  });
  return <Box ref={box} flexGrow={1} flexShrink={1} overflow="hidden" />;
}

/** The same cells as rows of text, drawn when React renders: what a plain Ink render can show. */
function TextCanvas({ paint }: CanvasProps): ReactNode {
  const box = useRef<DOMElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const styles = useMemo(() => createStyleTable("truecolor"), []);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const { width, height } = measureElement(box.current);
    if (width !== size.width || height !== size.height) setSize({ width, height });
  });
  const grid = createGrid(size.width, size.height);
  paint(createPaintArea({ grid, styles, box: { x: 0, y: 0, ...size }, isFree: () => true }));
  const rows = Array.from({ length: size.height }, (_, y) => rowAnsi(grid, y, styles));
  return (
    <Box ref={box} flexGrow={1} flexShrink={1} overflow="hidden">
      <Box position="absolute" flexDirection="column">
        {rows.map((row, y) => (
          <Text key={y} wrap="truncate">
            {row}
          </Text>
        ))}
      </Box>
    </Box>
  );
}
