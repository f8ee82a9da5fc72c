import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { Secret } from "./secret.ts";

const LONGEST_SECRET_BYTES = 4096;

export interface SecretFile {
  readonly secret: Secret;
  /** Something the person should mend, such as a file that others can read. */
  readonly warning?: string;
}

/**
 * Reads a secret without its surrounding white space. A pipe (`/dev/fd/63`) or a mounted credential will do.
 * @throws AppError SECRET_UNREADABLE when there is no such file, or nothing or far too much in it.
 */
export function readSecretFile(path: string): SecretFile {
  const { bytes, isOpenToOthers } = readGuarded(path);
  const trimmed = trimWhiteSpace(bytes);
  const secret = Buffer.from(trimmed);
  bytes.fill(0);
  if (secret.length === 0) throw unreadable(`The secret file ${path} is empty.`);
  if (secret.length > LONGEST_SECRET_BYTES) throw unreadable(`The file ${path} is too long to be a secret.`);
  return {
    secret: Secret.fromBuffer(secret),
    ...(isOpenToOthers ? { warning: `Other users can read ${path}. Run: chmod 600 '${path}'` } : {}),
  };
}

function readGuarded(path: string): { readonly bytes: Buffer; readonly isOpenToOthers: boolean } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const stats = fstatSync(descriptor);
    const isOpenToOthers = process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0;
    return { bytes: readFileSync(descriptor), isOpenToOthers };
  } catch (cause) {
    throw unreadable(`The secret file ${path} cannot be read.`, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function trimWhiteSpace(bytes: Buffer): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && isWhiteSpace(bytes[from])) from += 1;
  while (to > from && isWhiteSpace(bytes[to - 1])) to -= 1;
  return bytes.subarray(from, to);
}

function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function unreadable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "SECRET_UNREADABLE",
    message,
    hint: "Check the path, and that the file belongs to you and holds the secret alone.",
    exitCode: EXIT_CODES.configuration,
    cause,
  });
}
