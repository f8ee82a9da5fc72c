import { causeWords } from "../../core/domain/errors.ts";
import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ArchivedFolder } from "../../core/domain/backup/manifest.ts";
import { isArchiveName } from "../../core/domain/backup/manifest.ts";
import { createPathMatcher } from "../../core/domain/backup/path-pattern.ts";
import type { ExtraFolder } from "../../core/ports/backup-archive.ts";
import { backupError } from "./backup-error.ts";
import { tarHeader } from "./tar-stream.ts";

/** Names under which people keep what must not lie in a backup. Whoever wants them kept keeps them elsewhere. */
const SECRET_NAMES = [
  ".env*",
  "*.pem",
  "*.key",
  "*.p12",
  "id_rsa*",
  "id_ed25519*",
  "*secret*",
  "*credential*",
  "*token*",
];

export interface GatheredFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly path: string;
}

export interface GatheredFolders {
  readonly folders: readonly ArchivedFolder[];
  readonly files: readonly GatheredFile[];
}

/** Finds what of the folders goes along. Links are never followed. @throws AppError BACKUP_FOLDER_UNREADABLE. */
export async function gatherFolders(folders: readonly ExtraFolder[], signal: AbortSignal): Promise<GatheredFolders> {
  const gathered: { folders: ArchivedFolder[]; files: GatheredFile[] } = { folders: [], files: [] };
  for (const [index, folder] of folders.entries()) {
    const number = index + 1;
    const root = resolve(folder.path);
    const found = findFiles(root, folder);
    for (const path of found.paths) {
      const file = await hashExtra(join(root, path), `extra/${number}/${path}`, signal);
      gathered.files.push(file);
    }
    gathered.folders.push({ number, path: root, files: found.paths.length, leftOut: found.leftOut });
  }
  return gathered;
}

function findFiles(root: string, folder: ExtraFolder): { readonly paths: readonly string[]; readonly leftOut: number } {
  const included = folder.include.map(createPathMatcher);
  const excluded = folder.exclude.map(createPathMatcher);
  const secret = SECRET_NAMES.map(createPathMatcher);
  const paths: string[] = [];
  let leftOut = 0;
  const walk = (below: string) => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (excluded.some((matches) => matches(path))) continue;
      if (entry.isDirectory()) walk(path);
      else if (included.length > 0 && !included.some((matches) => matches(path))) continue;
      else if (!entry.isFile() || secret.some((matches) => matches(path.toLowerCase()))) leftOut += 1;
      else paths.push(path);
    }
  };
  try {
    walk("");
  } catch (cause) {
    throw backupError("BACKUP_FOLDER_UNREADABLE", `${root} cannot be read: ${causeWords(cause)}.`, cause);
  }
  return { paths: paths.sort(), leftOut };
}

async function hashExtra(path: string, name: string, signal: AbortSignal): Promise<GatheredFile> {
  try {
    const bytes = lstatSync(path).size;
    if (!isArchiveName(name)) throw new Error("its name cannot be restored everywhere");
    tarHeader(name, bytes);
    const hash = createHash("sha256");
    let read = 0;
    for await (const piece of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      read += piece.length;
    }
    return { name, bytes: read, sha256: hash.digest("hex"), path };
  } catch (cause) {
    signal.throwIfAborted();
    const what = `${path} cannot be taken along: ${causeWords(cause)}`;
    throw backupError("BACKUP_FOLDER_UNREADABLE", `${what}. Exclude it, or rename it.`, cause);
  }
}
