import { EXIT_CODES } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { FaultView } from "./report-fault.ts";

/** What the operating system's codes mean to a person. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file may not grow further",
  EIO: "the device failed",
  EBADF: "it was closed before the program began",
};

/** What a command has done in the world, for when its own output cannot tell it. */
export interface Deed {
  /** Ends the sentence "The output is incomplete, but …". */
  readonly done: string;
  readonly hint: string;
}

/** @param cause the code of the failed write. @param deed what was done nevertheless. */
export function outputFault(cause: string, deed: Deed | undefined): FaultView {
  return {
    code: "OUTPUT_FAILED",
    message: `Writing the output failed: ${CAUSES[cause] ?? cause}.`,
    notDone: deed === undefined ? "The output is incomplete." : `The output is incomplete, but ${deed.done}.`,
    hint: deed?.hint ?? "Make room, or write elsewhere, and run it again.",
  };
}

/** A command that failed for a reason of its own keeps its code: it tells more. */
export function exitCodeWithoutOutput(code: number): number {
  const failure: ExitCode = EXIT_CODES.failure;
  return code === EXIT_CODES.ok ? failure : code;
}
