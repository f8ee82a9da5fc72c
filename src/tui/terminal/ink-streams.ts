import { EventEmitter } from "node:events";

/** The stream Ink believes to be a terminal. Whole frames go to the compositor; nothing reaches the real one. */
export class InkOutput extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #onFrame: (frame: string) => void;

  constructor(columns: number, rows: number, onFrame: (frame: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#onFrame = onFrame;
  }

  /** Ink waits for the callback when it leaves, so it is always called. */
  write(frame: string, encoding?: unknown, callback?: () => void): boolean {
    this.#onFrame(frame);
    const done = typeof encoding === "function" ? (encoding as () => void) : callback;
    done?.();
    return true;
  }

  resizeTo(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }
}

/** A keyboard nobody types on: keys are read by us, and Ink is given none. */
export class InkInput extends EventEmitter {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  setEncoding(): this {
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  read(): null {
    return null;
  }
}
