import type { CommandContext } from "./define-command.ts";
import { usageError } from "./usage-error.ts";

/**
 * Has a dangerous act confirmed by typing a word; `--yes` has said it already.
 * @param what the act and what it is done to, as a sentence.
 * @throws AppError CONFIRMATION_NEEDED where nobody can be asked, NOT_CONFIRMED for any other word.
 */
export async function confirmTyped(context: CommandContext, what: string, word: string): Promise<void> {
  const { io, globals, signal } = context;
  if (globals.yes) return;
  if (!io.stdinIsTty || !io.err.isTty) {
    throw usageError(
      `${what} This needs a confirmation, and nobody can be asked.`,
      "Add --yes.",
      "CONFIRMATION_NEEDED",
    );
  }
  const typed = await io.ask(`${what} Type "${word}" to go on: `, signal);
  if (typed.trim() === word) return;
  throw usageError("It was not confirmed.", `Type "${word}" when asked, or add --yes.`, "NOT_CONFIRMED");
}
