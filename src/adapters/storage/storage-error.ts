import { AppError, causeWords, EXIT_CODES } from "../../core/domain/errors.ts";

/** A write that did not happen; nothing of it was kept. */
export function storageFailed(what: string, cause: unknown): AppError {
  return new AppError({
    code: "STORAGE_FAILED",
    message: `${what}: ${withCode(cause)}.`,
    notDone: "Nothing was written, and nothing was sent on the strength of it.",
    hint: hintFor(cause),
    exitCode: EXIT_CODES.failure,
    cause,
  });
}

/** The file is there but is not a database this program can work with. */
export function databaseUnreadable(message: string, hint?: string, cause?: unknown): AppError {
  return new AppError({
    code: "DATABASE_UNREADABLE",
    message,
    notDone: "Nothing in the file was changed.",
    hint: hint ?? "Move the file aside or restore a backup, then start again.",
    exitCode: EXIT_CODES.configuration,
    cause,
  });
}

export function databaseNewer(applied: number, known: number): AppError {
  return new AppError({
    code: "DATABASE_NEWER",
    message: `The database is at schema version ${applied}, this program knows version ${known}.`,
    notDone: "Nothing in the file was changed.",
    hint: "Update tapedeck, or point TAPEDECK_HOME at another folder.",
    exitCode: EXIT_CODES.configuration,
  });
}

/** SQLite's own code ("SQLITE_FULL", "SQLITE_BUSY_SNAPSHOT"), where the cause came from SQLite. */
export function sqliteCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "string") return undefined;
  return cause.code.startsWith("SQLITE_") ? cause.code : undefined;
}

function withCode(cause: unknown): string {
  const code = sqliteCode(cause);
  const words = causeWords(cause);
  return code === undefined ? words : `${words} (${code})`;
}

function hintFor(cause: unknown): string {
  const code = sqliteCode(cause) ?? "";
  if (code.startsWith("SQLITE_FULL")) return "The disk is full. Free some space and try again.";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return "Another program holds the database. End it or wait for it, then try again.";
  if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_CANTOPEN"))
    return "Check that the data folder belongs to you and can be written.";
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB"))
    return "The file is damaged. Move it aside or restore a backup.";
  return "Run `tapedeck doctor` to see the state of the database.";
}

/** Runs a read. @throws AppError STORAGE_FAILED when SQLite cannot serve it; anything else passes as it is. */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (sqliteCode(cause) === undefined) throw cause;
    throw storageFailed(`${what} could not be read`, cause);
  }
}
