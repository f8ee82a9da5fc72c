import { usageError } from "../usage-error.ts";

export const OUTPUT_FORMATS = ["table", "json", "ndjson", "csv"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface ChosenFormat {
  readonly format: OutputFormat;
  /** Asked for by a flag, not by what stdout is. */
  readonly explicit: boolean;
}

/** `-o` before `--json` before what stdout is: a table for a person, JSON for everything else. */
export function chooseFormat(
  asked: { readonly output: string | undefined; readonly json: boolean },
  stdoutIsTty: boolean,
): ChosenFormat {
  if (asked.output !== undefined) {
    const format = OUTPUT_FORMATS.find((known) => known === asked.output);
    if (format === undefined)
      throw usageError(`There is no output format "${asked.output}".`, `Choose one of ${OUTPUT_FORMATS.join(", ")}.`);
    if (asked.json && format !== "json" && format !== "ndjson")
      throw usageError(`--json and -o ${format} exclude each other.`, "Give one of them.");
    return { format, explicit: true };
  }
  if (asked.json) return { format: "json", explicit: true };
  return { format: stdoutIsTty ? "table" : "json", explicit: false };
}
