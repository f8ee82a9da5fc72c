import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { afterEach, expect, it } from "vitest";
import { Canvas } from "../../../src/tui/canvas/canvas.tsx";
import { Cover } from "../../../src/tui/canvas/cover.tsx";
import type { PaintArea } from "../../../src/tui/canvas/paint-area.ts";
import { rowText } from "../../../src/tui/canvas/grid.ts";
import { mountScreen } from "../../../src/tui/terminal/mount-screen.tsx";

class FakeTerminal extends EventEmitter {
  columns = 30;
  rows = 6;
  readonly emulator = new xterm.Terminal({ cols: 30, rows: 6, allowProposedApi: true });
  write(bytes: string): boolean {
    this.emulator.write(bytes);
    return true;
  }
  async screen(): Promise<readonly string[]> {
    await new Promise<void>((resolve) => this.emulator.write("", resolve));
    const { active } = this.emulator.buffer;
    return Array.from({ length: this.rows }, (_, y) => active.getLine(y)?.translateToString(true) ?? "");
  }
}

const opened: { unmount(): void }[] = [];
afterEach(() => {
  for (const screen of opened.splice(0)) screen.unmount();
});

function mount(node: ReactNode, onFault: (fault: unknown) => void = () => {}) {
  const stdout = new FakeTerminal();
  const schedule = (run: () => void, waitMs: number) => {
    const timer = setTimeout(run, waitMs);
    return () => {
      clearTimeout(timer);
    };
  };
  const screen = mountScreen({ stdout, depth: "none", node, schedule, onFault });
  opened.push(screen);
  return { stdout, screen };
}

const dots = (area: PaintArea) => {
  area.fill(0, 0, area.width, area.height, {}, ".");
};
const full = { width: 30, height: 6 } as const;

it("keeps panels out of a dialog even where there are no colours", async () => {
  const { stdout, screen } = mount(
    <Box {...full}>
      <Canvas paint={dots} />
      <Box position="absolute" {...full} alignItems="center" justifyContent="center">
        <Cover>
          <Box width={14} height={3} backgroundColor="#102030">
            <Text>BUY 1 BTC</Text>
          </Box>
        </Cover>
      </Box>
    </Box>,
  );
  await expect.poll(() => stdout.screen()).toContain("........BUY 1 BTC     ........");
  const row = (y: number) => (screen.compositor.shown === undefined ? "" : rowText(screen.compositor.shown, y));
  expect(Array.from({ length: 6 }, (_, y) => row(y)).filter((text) => text.includes("              "))).toHaveLength(2);
});

it("draws a canvas that lies in the dialog", async () => {
  const { stdout } = mount(
    <Box {...full}>
      <Canvas paint={dots} />
      <Box position="absolute" {...full}>
        <Cover>
          <Box width={10} height={2}>
            <Canvas paint={(area) => void area.text(1, 0, "chart")} />
          </Box>
        </Cover>
      </Box>
    </Box>,
  );
  await expect.poll(async () => (await stdout.screen())[0]).toBe(" chart    ....................");
});

it("keeps what follows a cluster in its column", async () => {
  const { stdout } = mount(
    <Box {...full} borderStyle="single">
      <Text>⚠️ 👨‍👩‍👧 é龙🇫🇷</Text>
    </Box>,
  );
  // The right border of every row stands in the last column, whatever the row holds.
  await expect.poll(() => stdout.emulator.buffer.active.getLine(1)?.getCell(29)?.getChars()).toBe("│");
});

it("tells of a component that throws", async () => {
  const faults: unknown[] = [];
  const Broken = (): ReactNode => {
    throw new Error("no such panel");
  };
  mount(<Broken />, (fault) => faults.push(fault));
  await expect.poll(() => faults.map(String)).toEqual(["Error: no such panel"]);
});

it("survives every size", async () => {
  const { stdout, screen } = mount(<Canvas paint={dots} />);
  for (const [columns, rows] of [
    [1, 1],
    [20, 5],
    [30, 6],
  ] as const) {
    Object.assign(stdout, { columns, rows });
    stdout.emulator.resize(columns, rows);
    stdout.emit("resize");
    expect([screen.compositor.shown?.columns, screen.compositor.shown?.rows]).toEqual([columns, rows]);
  }
});
