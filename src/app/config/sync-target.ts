import { readFileSync } from "node:fs";
import { z } from "zod";
import { isLoopbackHost } from "../../core/domain/loopback.ts";
import { configError } from "./config-error.ts";
import type { Env } from "./env.ts";
import { nonEmpty } from "./env.ts";

/** In the file: everything but the token itself, which stands in the environment or in a file of its own. */
export const syncSchema = z.strictObject({
  url: z.string().max(500).optional(),
  token_file: z.string().max(4_096).optional(),
});

/** Where this machine meets the others. */
export interface SyncTarget {
  readonly url: string;
  readonly token: string | undefined;
}

const HINT = "Give it as Turso shows it: libsql://NAME-ORGANISATION.turso.io.";

/**
 * Environment before file.
 * @returns undefined when no address is set. @throws AppError SYNC_URL_INVALID or SYNC_TOKEN_UNREADABLE.
 */
export function readSyncTarget(env: Env, file: z.infer<typeof syncSchema> | undefined): SyncTarget | undefined {
  const text = nonEmpty(env["TURSO_DATABASE_URL"]) ?? nonEmpty(file?.url);
  if (text === undefined) return undefined;
  checkUrl(text);
  const inline = nonEmpty(env["TURSO_AUTH_TOKEN"]);
  const tokenFile = nonEmpty(env["TURSO_AUTH_TOKEN_FILE"]) ?? nonEmpty(file?.token_file);
  return { url: text, token: inline ?? (tokenFile === undefined ? undefined : readToken(tokenFile)) };
}

function checkUrl(text: string): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw configError("SYNC_URL_INVALID", "The address of the synchronisation is none.", HINT, cause);
  }
  const isSafe = url.protocol === "libsql:" || url.protocol === "https:";
  if (!isSafe && !(url.protocol === "http:" && isLoopbackHost(url.hostname))) {
    throw configError(
      "SYNC_URL_INVALID",
      "The address of the synchronisation must be libsql:// or https://; http:// is for this machine alone.",
      HINT,
    );
  }
  if (url.password !== "" || url.username !== "" || url.searchParams.has("authToken")) {
    throw configError(
      "SYNC_URL_INVALID",
      "The address of the synchronisation carries a secret.",
      "Take it out of the address, and set TURSO_AUTH_TOKEN or TURSO_AUTH_TOKEN_FILE.",
    );
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw configError(
      "SYNC_TOKEN_UNREADABLE",
      "The file with the token of the synchronisation cannot be read.",
      "Check TURSO_AUTH_TOKEN_FILE, or token_file under [sync], and that the file belongs to you.",
      cause,
    );
  }
}
