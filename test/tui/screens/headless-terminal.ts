import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import type { Terminal } from "../../../src/tui/main.tsx";

/** A terminal in memory: keys in as bytes, the screen out as rows of text. */
export function createHeadlessTerminal(columns: number, rows: number) {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const stdin = Object.assign(new EventEmitter(), { isTTY: true, resume: nothing, pause: nothing });
  let bytesWritten = 0;
  const stdout = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: (bytes: string) => {
      bytesWritten += bytes.length;
      emulator.write(bytes);
      return true;
    },
  });
  const terminal: Terminal = {
    stdin,
    stdout,
    env: { TERM: "xterm-256color" },
    process: { on: nothing, off: nothing, kill: nothing, pid: 1 },
  };
  return {
    terminal,
    type: (keys: string) => stdin.emit("data", Buffer.from(keys)),
    bytesWritten: () => bytesWritten,
    screen: async (): Promise<readonly string[]> => {
      await new Promise<void>((resolve) => emulator.write("", resolve));
      const { active } = emulator.buffer;
      return Array.from({ length: rows }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? "");
    },
  };
}

const nothing = (): undefined => undefined;
