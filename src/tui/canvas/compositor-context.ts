import { createContext } from "react";
import type { Compositor } from "./compositor.ts";

/** The compositor that draws this tree; none in a plain Ink render. */
export const CompositorContext = createContext<Compositor | undefined>(undefined);

/** How many covers a component lies in. */
export const CoverLevel = createContext(0);
