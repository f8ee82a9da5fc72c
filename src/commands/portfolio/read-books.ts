import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { LotMethod } from "../../core/domain/lots.ts";
import type { CommandContext, OptionSpec } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";

export const METHOD_OPTION: OptionSpec = {
  flags: "--method METHOD",
  what: "which base a sale sells: fifo (the oldest first) or average",
  default: "the profile's lot_method, else fifo",
};

const METHODS = { fifo: "fifo", average: "average-cost" } as const satisfies Record<string, LotMethod>;

/** The method asked for, else the profile's. @throws AppError USAGE */
export function methodOf({ options }: Pick<CommandContext, "options">, app: App): LotMethod {
  const asked = options.choice("method", ["fifo", "average"]);
  return asked === undefined ? app.portfolio.usualMethod : METHODS[asked];
}

/** As people and scripts name it. */
export function methodName(method: LotMethod): "fifo" | "average" {
  return method === "fifo" ? "fifo" : "average";
}

/** Brings the books up to date. @returns the fault, with its warning given, when the exchange could not be asked. */
export async function refreshBooks({ print, signal }: CommandContext, app: App): Promise<AppError | undefined> {
  try {
    await app.portfolio.refresh(signal);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof AppError) || !leavesUnasked(cause)) throw cause;
    print.warn("The exchange could not be asked: the figures are made from what is stored, and prices are not known.");
    return cause;
  }
}

/** With a wrong clock no signed question is sent, as with no network. What is stored is right either way. */
function leavesUnasked({ code, exitCode }: AppError): boolean {
  return exitCode === EXIT_CODES.unavailable || code === "CLOCK_OFFSET_TOO_LARGE";
}

/** The end of a command that printed its figures, fresh or stored. */
export function endWith({ fail }: CommandContext, unasked: AppError | undefined): ExitCode {
  if (unasked === undefined) return EXIT_CODES.ok;
  const { code, message, hint, exitCode } = unasked;
  return fail({ code, message, notDone: "Nothing was changed.", hint }, exitCode);
}

/** Fills that no figure can count are said, never dropped. */
export function warnOfUnreadable({ print }: CommandContext, app: App): void {
  for (const [symbol, fills] of app.portfolio.unreadable()) {
    const counted = fills === 1 ? "fill" : "fills";
    print.warn(`${symbol}: ${fills} ${counted} in no figure, because nobody knows the market's two assets any more.`);
  }
}
