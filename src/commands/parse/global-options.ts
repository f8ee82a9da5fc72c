import type { OptionSpec } from "../define-command.ts";

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--profile NAME", what: "use this profile of the configuration" },
  { flags: "--json", what: "print JSON (the default where stdout is no terminal)" },
  { flags: "-o, --output FORMAT", what: "print table, json, ndjson or csv" },
  { flags: "--yes", what: "do not ask for confirmation" },
  { flags: "--no-color", what: "no colours (NO_COLOR does the same)" },
  { flags: "--ascii", what: "plain ASCII signs" },
  { flags: "--debug", what: "show the stack of a fault" },
];
