import type { CommandContext } from "./define-command.ts";
import type { Env } from "../app/config/env.ts";
import { usageError } from "./usage-error.ts";

/**
 * Runs the full-screen console until the person leaves it. @returns its exit code.
 * @throws AppError NO_TERMINAL where there is none.
 */
export async function openScreen(
  { io, globals, services, withApp }: CommandContext,
  profile?: string,
  env?: Env,
): Promise<number> {
  if (!io.out.isTty || !io.stdinIsTty) {
    throw usageError(
      "The full-screen console needs a terminal on stdin and stdout.",
      "`tapedeck demo` tells its story without one, and `tapedeck market watch BTCUSDT` streams a market.",
      "NO_TERMINAL",
    );
  }
  const terminal = {
    ...io.terminal,
    ascii: globals.ascii,
    env: globals.color ? io.terminal.env : { ...io.terminal.env, NO_COLOR: "1" },
  };
  return withApp((app) => services.runTui(app, terminal), profile ?? globals.profile, env);
}
