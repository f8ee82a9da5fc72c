import { openScreen } from "./open-screen.ts";
import { defineCommand } from "./define-command.ts";

export const tui = defineCommand({
  path: ["tui"],
  summary: "Open the full-screen console; what `tapedeck` alone does.",
  details: ["Without a configuration it shows public data in paper mode; `tapedeck demo` trades with invented money."],
  examples: [
    { line: "tapedeck", what: "the console on the default profile" },
    { line: "tapedeck --profile main", what: "the console on a profile of your configuration" },
  ],
  next: "tapedeck demo",
  run: (context) => openScreen(context),
});
