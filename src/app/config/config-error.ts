import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";

/** A setting that cannot be used as it stands: exit code 3, and nothing was started. */
export function configError(code: string, message: string, hint: string, cause?: unknown): AppError {
  return new AppError({
    code,
    message,
    notDone: "Nothing was started and no order was sent.",
    hint,
    exitCode: EXIT_CODES.configuration,
    ...(cause === undefined ? {} : { cause }),
  });
}
