import type { BackupId, BackupSummary } from "./backup.ts";

/** The layout of an archive; a later program reads the earlier ones. */
export const BACKUP_FORMAT = 1;

/** The state of the database a backup restores to. */
export interface DatabaseFacts {
  readonly bytes: number;
  readonly pageBytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** How many migrations it has. */
  readonly schemaVersion: number;
  /** Of the names and texts of its schema. */
  readonly schemaSha256: string;
  readonly rows: Readonly<Record<string, number>>;
}

/** The database an increment builds on. */
export interface ParentFacts {
  readonly id: BackupId;
  readonly databaseSha256: string;
}

/** A file of the archive, in the order in which it stands there. */
export interface ArchivedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A folder that was asked to be taken along. */
export interface ArchivedFolder {
  /** Its files stand below `extra/` and this number. */
  readonly number: number;
  readonly path: string;
  readonly files: number;
  /** Left out, because they are links or devices, or their name looks like that of a secret. */
  readonly leftOut: number;
}

/** The first file of every archive. Never holds a secret. */
export interface BackupManifest {
  readonly format: typeof BACKUP_FORMAT;
  readonly summary: BackupSummary;
  readonly parent: ParentFacts | undefined;
  readonly versions: { readonly tapedeck: string; readonly node: string; readonly sqlite: string };
  readonly database: DatabaseFacts;
  /** In an increment. */
  readonly changedPages: number | undefined;
  readonly files: readonly ArchivedFile[];
  readonly folders: readonly ArchivedFolder[];
}

export const ARCHIVE_NAMES = {
  manifest: "manifest.json",
  pageHashes: "page-hashes.bin",
  /** The whole database, in a full backup. */
  database: "console.db",
  /** Each changed page behind its number (4 bytes, most significant first), in an increment. */
  pages: "pages.bin",
  config: "config.toml",
} as const;

const EXTRA = /^extra\/[1-9]\d{0,2}\//;
const LONGEST_NAME = 250;

/**
 * Whether a name may stand in an archive: one of ours, or a path below `extra/` that cannot leave the folder it is
 * restored to, on any system.
 */
export function isArchiveName(name: string): boolean {
  if (Object.values<string>(ARCHIVE_NAMES).includes(name)) return true;
  return EXTRA.test(name) && name.length <= LONGEST_NAME && name.split("/").every(isPlainSegment);
}

function isPlainSegment(segment: string): boolean {
  if (segment === "" || segment === "." || segment === "..") return false;
  // A backslash or a colon is a way out on Windows; what is invisible would mislead whoever looks at a list.
  return !/[\\:\p{C}\p{Zl}\p{Zp}]/u.test(segment) && !/[. ]$/.test(segment);
}
