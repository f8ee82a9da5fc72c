import { appendRotating, openRotatingLines } from "../../adapters/system/rotating-lines.ts";

/** 15 MB in all: the file that is written, and two put aside. */
const BOUNDS = { maxBytes: 5_000_000, keep: 2 };

/** @returns what appends a line, its break included. @throws the file system's error, then and with each line */
export function openGuardLog(file: string): (line: string) => void {
  const options = { file, ...BOUNDS };
  openRotatingLines(options);
  return (line) => {
    appendRotating(options, line);
  };
}
