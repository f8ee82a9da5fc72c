import { readAnsiFrame } from "./ansi-frame.ts";
import { diffFrames } from "./frame-diff.ts";
import type { Grid } from "./grid.ts";
import { copyGrid, createGrid } from "./grid.ts";
import type { Painter, Rectangle } from "./paint-area.ts";
import { createPaintArea, isBlank } from "./paint-area.ts";
import type { ColorDepth } from "./style.ts";
import { createStyleTable } from "./style.ts";

/** Where finished frames go. `write` answers false when the terminal cannot keep up; `onDrain` calls back once it can. */
export interface FrameSink {
  write(bytes: string): boolean;
  onDrain(run: () => void): void;
}

/** A hot panel on the screen: where it lies now and how it draws itself. */
export interface CanvasSlot {
  box: Rectangle | undefined;
  painter: Painter;
  /** How many covers it lies in itself; those do not hide it. */
  readonly level?: number;
}

/** A place that lies over the panels: a dialog. Hides them by where it is, for colours may be off. */
export interface CoverSlot {
  box: Rectangle | undefined;
  /** 1 for a cover over the screen, 2 for one over that, and so on. */
  readonly level: number;
}

/**
 * The one writer of the terminal. Ink draws structure, forms and text into the base; hot panels draw straight into
 * cells; a frame is base and panels in one pass, and only its difference from the screen is sent.
 */
export interface Compositor {
  /** Takes a whole frame of Ink's. */
  setBase(frame: string): void;
  addCanvas(slot: CanvasSlot): () => void;
  addCover(slot: CoverSlot): () => void;
  /** Asks for a frame soon; any number of calls cost one frame. */
  request(): void;
  /** Draws at once: after a key, so that the answer never waits for the next frame. */
  paintNow(): void;
  resize(columns: number, rows: number): void;
  /** Forgets what the terminal shows and draws everything again. */
  repaint(): void;
  /** While held, nothing is written: the terminal belongs to somebody else. */
  hold(held: boolean): void;
  close(): void;
  /** The last frame, for tests. */
  readonly shown: Grid | undefined;
}

export interface CompositorParts {
  readonly sink: FrameSink;
  readonly columns: number;
  readonly rows: number;
  readonly depth: ColorDepth;
  /** Least time between two frames that nobody asked for by key, ms. */
  readonly frameMs: number;
  readonly schedule: (run: () => void, waitMs: number) => () => void;
}

export function createCompositor(parts: CompositorParts): Compositor {
  const styles = createStyleTable(parts.depth);
  const slots = new Set<CanvasSlot>();
  const covers = new Set<CoverSlot>();
  let base = createGrid(parts.columns, parts.rows);
  let next = createGrid(parts.columns, parts.rows);
  /** Which cover lies on top of each cell. */
  let coverLevels = new Uint8Array(parts.columns * parts.rows);
  let shown: Grid | undefined;
  let cancelTimer: (() => void) | undefined;
  let draining = false;
  let held = false;
  let lastFrame = "";

  function paintNow(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    // While the terminal is behind, frames are skipped, not queued: the newest state is drawn once it has caught up.
    if (held || draining) return;
    copyGrid(base, next);
    coverLevels.fill(0);
    for (const { box, level } of covers) if (box !== undefined) raise(box, level);
    for (const { box, painter, level = 0 } of slots) {
      if (box === undefined || box.width <= 0 || box.height <= 0) continue;
      const isFree = (at: number) => isBlank(base, at) && (coverLevels[at] ?? 0) <= level;
      painter(createPaintArea({ grid: next, styles, box, isFree }));
    }
    const bytes = diffFrames(shown, next, styles);
    const drawn = next;
    next = shown ?? createGrid(drawn.columns, drawn.rows);
    shown = drawn;
    if (bytes !== "" && !parts.sink.write(bytes)) {
      draining = true;
      parts.sink.onDrain(() => {
        draining = false;
        request();
      });
    }
  }

  function raise({ x, y, width, height }: Rectangle, level: number): void {
    const right = Math.min(base.columns, x + width);
    for (let row = Math.max(0, y); row < Math.min(base.rows, y + height); row += 1) {
      for (let at = row * base.columns + Math.max(0, x); at < row * base.columns + right; at += 1) {
        coverLevels[at] = Math.max(coverLevels[at] ?? 0, level);
      }
    }
  }

  function add<Slot>(set: Set<Slot>, slot: Slot): () => void {
    set.add(slot);
    request();
    return () => {
      set.delete(slot);
      request();
    };
  }

  function request(): void {
    cancelTimer ??= parts.schedule(paintNow, parts.frameMs);
  }

  function repaint(): void {
    shown = undefined;
    paintNow();
  }

  return {
    setBase(frame) {
      lastFrame = frame;
      readAnsiFrame(frame, base, styles);
      // React commits only when a key or the layout changed something, so nobody should wait for it; one turn of the
      // loop lets the panels measure themselves first.
      cancelTimer?.();
      cancelTimer = parts.schedule(paintNow, 0);
    },
    addCanvas: (slot) => add(slots, slot),
    addCover: (slot) => add(covers, slot),
    request,
    paintNow,
    resize(columns, rows) {
      base = createGrid(columns, rows);
      next = createGrid(columns, rows);
      coverLevels = new Uint8Array(columns * rows);
      readAnsiFrame(lastFrame, base, styles);
      repaint();
    },
    repaint,
    hold(on) {
      held = on;
      if (!on) repaint();
    },
    close() {
      cancelTimer?.();
      cancelTimer = undefined;
      held = true;
    },
    get shown() {
      return shown;
    },
  };
}
