import type { Printer } from "../output/printer.ts";

/** Tells a step the moment it happened. */
export type Tell = (step: string, message: string, facts?: object) => void;

/** Lines for people, or one object a line. Counts nothing and invents nothing: it says what it is given. */
export function createTeller(print: Printer, elapsedMs: () => number): Tell {
  return (step, message, facts = {}) => {
    if (print.format === "table") {
      const seconds = (elapsedMs() / 1_000).toFixed(1).padStart(4);
      print.line(`${print.paint.dim(`${seconds} s`)}  ${print.paint.bold(step.padEnd(9))}  ${message}`);
    } else {
      print.event("tapedeck.demo/1", { step, elapsedMs: elapsedMs(), message, ...facts });
    }
  };
}
