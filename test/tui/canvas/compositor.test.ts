import { expect, it } from "vitest";
import { createCompositor } from "../../../src/tui/canvas/compositor.ts";
import { rowText } from "../../../src/tui/canvas/grid.ts";

function setup() {
  let due: (() => void) | undefined;
  let accepts = true;
  let drain: (() => void) | undefined;
  const writes: string[] = [];
  const compositor = createCompositor({
    columns: 10,
    rows: 3,
    depth: "none",
    frameMs: 33,
    schedule: (run) => {
      due = run;
      return () => {
        due = undefined;
      };
    },
    sink: {
      write: (bytes) => {
        writes.push(bytes);
        return accepts;
      },
      onDrain: (run) => {
        drain = run;
      },
    },
  });
  const row = (y: number) => (compositor.shown === undefined ? "" : rowText(compositor.shown, y));
  const frame = () => {
    const run = due;
    due = undefined;
    run?.();
  };
  return {
    compositor,
    writes,
    row,
    frame,
    isDue: () => due !== undefined,
    setAccepts: (is: boolean) => {
      accepts = is;
    },
    drain: () => drain?.(),
  };
}

it("draws panels into the room that the base leaves, and under a modal", () => {
  const { compositor, row, frame } = setup();
  compositor.addCanvas({
    box: { x: 0, y: 0, width: 10, height: 3 },
    painter: (area) => {
      for (let y = 0; y < area.height; y += 1) area.text(0, y, "..........");
    },
  });
  compositor.setBase("\n  \u001b[48;2;1;2;3mASK \u001b[49m\n");
  frame();
  expect([row(0), row(1), row(2)]).toEqual(["..........", "..ASK ....", ".........."]);
});

it("clips what a panel draws to its box", () => {
  const { compositor, row, frame } = setup();
  compositor.addCanvas({
    box: { x: 2, y: 1, width: 4, height: 1 },
    painter: (area) => {
      area.text(-1, 0, "abcdefgh");
      area.text(0, 1, "below");
      area.textRight(4, 0, "Z");
    },
  });
  frame();
  expect([row(0), row(1), row(2)]).toEqual(["          ", "  bcdZ    ", "          "]);
});

it("collects any number of requests into one frame, and writes only differences", () => {
  const { compositor, writes, frame, isDue } = setup();
  let text = "one";
  compositor.addCanvas({ box: { x: 0, y: 0, width: 5, height: 1 }, painter: (area) => void area.text(0, 0, text) });
  frame();
  const first = writes.length;
  for (let index = 0; index < 100; index += 1) compositor.request();
  frame();
  expect(writes).toHaveLength(first);
  text = "two";
  compositor.request();
  frame();
  expect(writes).toHaveLength(first + 1);
  expect(isDue()).toBe(false);
});

it("skips frames while the terminal is behind, then draws the newest", () => {
  const { compositor, writes, frame, setAccepts, drain, row } = setup();
  let text = "a";
  compositor.addCanvas({ box: { x: 0, y: 0, width: 5, height: 1 }, painter: (area) => void area.text(0, 0, text) });
  setAccepts(false);
  frame();
  const behind = writes.length;
  for (const next of ["b", "c", "d"]) {
    text = next;
    compositor.paintNow();
  }
  expect(writes).toHaveLength(behind);
  setAccepts(true);
  drain();
  frame();
  expect(writes).toHaveLength(behind + 1);
  expect(row(0).trim()).toBe("d");
});

it("writes nothing while the terminal is somebody else's, and everything when it is back", () => {
  const { compositor, writes } = setup();
  compositor.paintNow();
  compositor.hold(true);
  const before = writes.length;
  compositor.paintNow();
  compositor.repaint();
  expect(writes).toHaveLength(before);
  compositor.hold(false);
  expect(writes).toHaveLength(before + 1);
});

it("survives a terminal of one cell", () => {
  const { compositor } = setup();
  compositor.addCanvas({ box: { x: 0, y: 0, width: 10, height: 3 }, painter: (area) => void area.text(0, 0, "龙虾") });
  compositor.resize(1, 1);
  compositor.resize(5, 20);
  expect(compositor.shown?.columns).toBe(5);
});
