import type { App } from "../app/app.ts";
import type { CommandContext } from "./define-command.ts";
import type { Env } from "../app/config/env.ts";
import type { Printer } from "./output/printer.ts";
import { usageError } from "./usage-error.ts";

/**
 * Runs the full-screen console until the person leaves it. @returns its exit code.
 * @throws AppError NO_TERMINAL where there is none.
 */
export async function openScreen(
  { io, globals, print, services, withApp }: CommandContext,
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
  return withApp(
    async (app) => {
      const code = await services.runTui(app, terminal);
      tellUnguarded(app, print);
      return code;
    },
    { profile: profile ?? globals.profile, ...(env === undefined ? {} : { env }) },
  );
}

/** The screen is gone by now, so this stays in sight. */
function tellUnguarded(app: App, print: Printer): void {
  if (app.accountId === undefined || !app.guarding.isHolder) return;
  const { successor } = app.guarding;
  const { protections } = app.guarding.status();
  if (successor !== undefined) {
    print.progress(`Process ${successor.pid} goes on guarding in the background; see \`tapedeck guard status\`.`);
    return;
  }
  if (protections.length === 0) return;
  const symbols = [...new Set(protections.map(({ symbol }) => symbol))].join(", ");
  print.warn(`Nobody guards now: what is protected on ${symbols} does not sell until \`tapedeck guard run\`.`);
}
