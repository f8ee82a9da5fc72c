import { usageError } from "../usage-error.ts";

/** @param what the word names: "market". @throws AppError USAGE where it is empty, as an unset variable of a script is. */
export function readWord(word: string | undefined, what: string): string {
  const trimmed = word?.trim() ?? "";
  if (trimmed === "") throw usageError(`No ${what} is named: the word is empty.`, `Name the ${what}.`);
  return trimmed;
}
