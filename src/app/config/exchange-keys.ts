import { readFileSync } from "node:fs";
import { configError } from "./config-error.ts";
import type { Env } from "./env.ts";

/** What signs our requests. The secret lives in a buffer, never in a string that could be printed by chance. */
export interface ExchangeKeys {
  readonly apiKey: string;
  readonly apiSecret: Buffer;
}

/**
 * Keys from the environment: the secret itself, or the file that holds it.
 * @returns undefined when none are set. @throws AppError KEYS_INCOMPLETE, KEY_INVALID or SECRET_UNREADABLE.
 */
export function readExchangeKeys(env: Env): ExchangeKeys | undefined {
  const apiKey = env["MEXC_API_KEY"] ?? "";
  const inline = env["MEXC_API_SECRET"] ?? "";
  const file = env["MEXC_API_SECRET_FILE"] ?? "";
  if (apiKey === "" && inline === "" && file === "") return undefined;
  if (apiKey === "" || (inline === "" && file === "")) {
    throw configError(
      "KEYS_INCOMPLETE",
      apiKey === "" ? "There is an API secret but no MEXC_API_KEY." : "There is a MEXC_API_KEY but no secret.",
      "Set MEXC_API_KEY and one of MEXC_API_SECRET_FILE and MEXC_API_SECRET.",
    );
  }
  const apiSecret = inline === "" ? readSecret(file) : Buffer.from(inline, "utf8");
  if (!/^[\x21-\x7e]{8,128}$/.test(apiKey)) {
    throw configError(
      "KEY_INVALID",
      "MEXC_API_KEY is no API key: one has 8 to 128 letters, digits and signs of ASCII, and no blanks.",
      `It has ${[...apiKey].length} characters now. Copy it again, whole.`,
    );
  }
  if (apiSecret.length === 0) {
    throw configError("KEY_INVALID", "The file named by MEXC_API_SECRET_FILE is empty.", "Write the secret into it.");
  }
  return { apiKey, apiSecret };
}

function readSecret(file: string): Buffer {
  try {
    return Buffer.from(readFileSync(file, "utf8").trim(), "utf8");
  } catch (cause) {
    throw configError(
      "SECRET_UNREADABLE",
      "The file named by MEXC_API_SECRET_FILE cannot be read.",
      "Check that it exists and belongs to you.",
      cause,
    );
  }
}
