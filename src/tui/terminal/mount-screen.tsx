import { render } from "ink";
import type { ReactNode } from "react";
import { CompositorContext } from "../canvas/compositor-context.ts";
import type { Compositor } from "../canvas/compositor.ts";
import { createCompositor } from "../canvas/compositor.ts";
import type { ColorDepth } from "../canvas/style.ts";
import { InkInput, InkOutput } from "./ink-streams.ts";

/** The real terminal, as far as a screen needs it. */
export interface TerminalOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(bytes: string): boolean;
  once(event: "drain", listener: () => void): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

export interface MountedScreen {
  readonly compositor: Compositor;
  unmount(): void;
}

export interface MountOptions {
  readonly stdout: TerminalOutput;
  readonly depth: ColorDepth;
  readonly node: ReactNode;
  readonly schedule: (run: () => void, waitMs: number) => () => void;
  /** A component threw while it was rendered; the tree is gone. */
  readonly onFault: (fault: unknown) => void;
}

/** Time between two frames that no key asked for: thirty a second. */
const FRAME_MS = 33;

/** Puts a React tree on the terminal through the compositor, which alone writes. */
export function mountScreen({ stdout, depth, node, schedule, onFault }: MountOptions): MountedScreen {
  const size = () => ({ columns: Math.max(1, stdout.columns ?? 80), rows: Math.max(1, stdout.rows ?? 24) });
  const compositor = createCompositor({
    ...size(),
    depth,
    frameMs: FRAME_MS,
    schedule,
    sink: {
      write: (bytes) => stdout.write(bytes),
      onDrain: (run) => {
        stdout.once("drain", run);
      },
    },
  });
  const output = new InkOutput(size().columns, size().rows, (frame) => {
    compositor.setBase(frame);
  });
  const instance = render(<CompositorContext.Provider value={compositor}>{node}</CompositorContext.Provider>, {
    // Ink asks for the stream types of Node and uses only what these two have.
    stdout: output as unknown as NodeJS.WriteStream,
    stderr: output as unknown as NodeJS.WriteStream,
    stdin: new InkInput() as unknown as NodeJS.ReadStream,
    // Every commit gives one whole frame, unthrottled: the compositor paces the terminal.
    debug: true,
    // Said aloud, for Ink would take a CI's terminal for none.
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  instance.waitUntilExit().catch(onFault);
  const onResize = () => {
    const { columns, rows } = size();
    compositor.resize(columns, rows);
    output.resizeTo(columns, rows);
  };
  stdout.on("resize", onResize);
  return {
    compositor,
    unmount() {
      stdout.off("resize", onResize);
      compositor.close();
      instance.unmount();
    },
  };
}
