import { randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** O_NOFOLLOW does not exist on Windows. */
const CREATE_NEW =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | ((constants.O_NOFOLLOW as number | undefined) ?? 0);

/**
 * Replaces a file as a whole, for the owner alone: after a crash it holds the old content or the new, never a part. A
 * plain write would also keep the loose mode an existing file may have.
 *
 * @throws the file system's error; the file is then as it was.
 */
export function writeFileAtomically(file: string, content: string | Uint8Array): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const descriptor = openSync(draft, CREATE_NEW, 0o600);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
  syncFolder(folder);
}

/** Makes the rename itself durable. Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
