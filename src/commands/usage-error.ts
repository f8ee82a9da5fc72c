import { AppError, EXIT_CODES } from "../core/domain/errors.ts";

/** The command line cannot be understood as it stands: exit code 2, and nothing was begun. */
export function usageError(message: string, hint: string, code = "USAGE"): AppError {
  return new AppError({ code, message, notDone: "Nothing was done.", hint, exitCode: EXIT_CODES.usage });
}
