import type { CommandTree } from "./parse/parse-line.ts";

/** Every command there is: one line each. */
export const COMMANDS: Omit<CommandTree, "version"> = {
  summary: "The terminal trading console for the MEXC spot exchange.",
  bare: "tui",
  nouns: {},
  commands: [],
};
