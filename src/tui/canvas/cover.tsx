import type { DOMElement } from "ink";
import { Box, measureElement } from "ink";
import type { ReactNode } from "react";
import { useContext, useLayoutEffect, useRef } from "react";
import type { CoverSlot } from "./compositor.ts";
import { CompositorContext, CoverLevel } from "./compositor-context.ts";

/**
 * Lies over hot panels and keeps them out of its box, whatever colours the terminal has. A canvas inside of it is
 * drawn. Everything that opens over the screen belongs into one: a digit that shines through could be read as a price.
 */
export function Cover({ children }: { readonly children: ReactNode }): ReactNode {
  const compositor = useContext(CompositorContext);
  const level = useContext(CoverLevel) + 1;
  const box = useRef<DOMElement>(null);
  const slot = useRef<CoverSlot>({ box: undefined, level });

  useLayoutEffect(() => compositor?.addCover(slot.current), [compositor]);
  // Every commit may have moved the box; measured before anything is painted.
  useLayoutEffect(() => {
    slot.current.box = box.current === null ? undefined : measureElement(box.current);
  });
  return (
    <CoverLevel.Provider value={level}>
      <Box ref={box} flexShrink={0}>
        {children}
      </Box>
    </CoverLevel.Provider>
  );
}
