import { LibsqlError } from "@libsql/client/http";
import { AppError, causeWords, EXIT_CODES } from "../../core/domain/errors.ts";
import { safeText } from "../../core/domain/safe-text.ts";

/** How much of a stranger's words is repeated. */
const MOST_WORDS = 300;

/** An answer with a status that says no. */
export class RemoteRefusal extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`status ${String(status)}: ${body.slice(0, MOST_WORDS)}`);
    this.status = status;
  }
}

/** Turns whatever a call to the remote ended in into one of the faults that the port names. */
export function remoteFault(address: string, cause: unknown): unknown {
  if (cause instanceof AppError) return cause;
  const words = safeText(causeWords(cause), MOST_WORDS);
  const code = codeOf(cause);
  const status = statusOf(cause);
  if (status === 401 || code === "UNAUTHORIZED" || code === "AUTH_TOKEN_INVALID") {
    return new AppError({
      code: "SYNC_DENIED",
      message: `${address} refused the token.`,
      notDone: "Nothing was pushed or pulled. Everything goes on locally.",
      hint: "Set TURSO_AUTH_TOKEN or TURSO_AUTH_TOKEN_FILE to a token of this database that has not run out.",
      exitCode: EXIT_CODES.signInNeeded,
      cause,
    });
  }
  if (code === "BLOCKED" || code.startsWith("SQLITE_FULL") || status === 402 || /operation was blocked/i.test(words)) {
    return new AppError({
      code: "SYNC_FULL",
      message: `${address} takes no more writes: its quota or its disk is used up.`,
      notDone: "Nothing was pushed. What changes here waits, and everything goes on locally.",
      hint: "Look at the plan of the database, or prune it. It is tried again by itself.",
      exitCode: EXIT_CODES.unavailable,
      cause,
    });
  }
  if (isNetwork(cause, status)) {
    return new AppError({
      code: "SYNC_UNREACHABLE",
      message: `${address} cannot be reached: ${words}.`,
      notDone: "Whether the last step arrived is unknown; doing it again does no harm. Everything goes on locally.",
      hint: "It is tried again by itself. `tapedeck sync status` tells how much waits.",
      exitCode: EXIT_CODES.unavailable,
      cause,
    });
  }
  return new AppError({
    code: "SYNC_REMOTE_FAILED",
    message: `${address} refused: ${words}${code === "" ? "" : ` (${safeText(code, 60)})`}.`,
    notDone: "Nothing of this step was kept there.",
    hint: "Run `tapedeck sync now` again; if it stays, look at the database with Turso's own tools.",
    exitCode: EXIT_CODES.failure,
    cause,
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof LibsqlError ? cause.code : "";
}

function statusOf(cause: unknown): number | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if (error instanceof RemoteRefusal) return error.status;
  }
  return undefined;
}

function isNetwork(cause: unknown, status: number | undefined): boolean {
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  for (let error = cause; error instanceof Error; error = error.cause) {
    if (error.name === "TimeoutError" || error.name === "AbortError" || error.name === "TypeError") return true;
    if ("code" in error && typeof error.code === "string" && /^(E[A-Z]+|UND_ERR.*)$/.test(error.code)) return true;
  }
  return codeOf(cause) === "HRANA_CLOSED_ERROR";
}
