import type { DOMElement } from "ink";
import { Box, measureElement } from "ink";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useRef } from "react";
import type { CanvasSlot, Compositor } from "./compositor.ts";
import type { Painter } from "./paint-area.ts";

export const CompositorContext = createContext<Compositor | undefined>(undefined);

/**
 * Room on the screen that a hot panel draws into by itself. React lays it out and never sees its content, so a change
 * of data costs neither a render nor a layout.
 */
export function Canvas({ paint }: { readonly paint: Painter }): ReactNode {
  const compositor = useContext(CompositorContext);
  const box = useRef<DOMElement>(null);
  const slot = useRef<CanvasSlot>({ box: undefined, painter: paint });
  slot.current.painter = paint;

  useEffect(() => compositor?.addCanvas(slot.current), [compositor]);
  // Every commit may have moved the box, so it is measured after every commit.
  useEffect(() => {
    slot.current.box = box.current === null ? undefined : measureElement(box.current);
    compositor?.request();
  });
  return <Box ref={box} flexGrow={1} flexShrink={1} overflow="hidden" />;
}
