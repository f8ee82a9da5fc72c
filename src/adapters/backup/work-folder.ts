import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

const NAME = /^\.tapedeck-work-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}$/;

/** A folder for what is half done, gone when it is let go. */
export interface WorkFolder {
  readonly path: string;
  file(name: string): string;
  remove(): void;
}

/**
 * Makes one inside `parent`, so that what is ready can be renamed into place, and removes those of processes of this
 * machine that died.
 */
export function createWorkFolder(parent: string, isProcessAlive: (pid: number) => boolean): WorkFolder {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  sweep(parent, isProcessAlive);
  const path = join(parent, `.tapedeck-work-${machine()}-${process.pid}-${randomBytes(6).toString("hex")}`);
  mkdirSync(path, { mode: 0o700 });
  return {
    path,
    file: (name) => join(path, name),
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function sweep(parent: string, isProcessAlive: (pid: number) => boolean): void {
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const [, of, pid] = entry.isDirectory() ? (NAME.exec(entry.name) ?? []) : [];
    if (of !== machine() || isProcessAlive(Number(pid))) continue;
    rmSync(join(parent, entry.name), { recursive: true, force: true });
  }
}

/** A folder of backups may be shared, and the number of a process says nothing on another machine. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
