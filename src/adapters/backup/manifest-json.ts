import { z } from "zod";
import type { BackupManifest } from "../../core/domain/backup/manifest.ts";
import { ARCHIVE_NAMES, BACKUP_FORMAT, isArchiveName } from "../../core/domain/backup/manifest.ts";
import { PAGE_HASH_BYTES } from "../../core/domain/backup/page-changes.ts";
import { backupError } from "./backup-error.ts";
import { idSchema, summaryJson, summarySchema } from "./summary-json.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const word = z.string().max(64);

const manifestSchema = z
  .strictObject({
    format: z.literal(BACKUP_FORMAT),
    summary: summarySchema,
    parent: z.union([z.strictObject({ id: idSchema, databaseSha256: sha256 }), z.null()]),
    versions: z.strictObject({ tapedeck: word, node: word, sqlite: word }),
    database: z.strictObject({
      bytes: count,
      pageBytes: z.int().min(512).max(65_536),
      sha256,
      schemaVersion: count,
      schemaSha256: sha256,
      rows: z.record(z.string().regex(/^\w{1,64}$/), count),
    }),
    changedPages: z.union([count, z.null()]),
    files: z
      .array(z.strictObject({ name: z.string().refine(isArchiveName, "no name of an archive"), bytes: count, sha256 }))
      .max(100_000),
    folders: z
      .array(
        z.strictObject({ number: z.int().min(1).max(999), path: z.string().max(4096), files: count, leftOut: count }),
      )
      .max(999),
  })
  .transform(({ parent, changedPages, ...rest }): BackupManifest => ({
    ...rest,
    parent: parent ?? undefined,
    changedPages: changedPages ?? undefined,
  }));

export function manifestJson(manifest: BackupManifest): Buffer {
  const { summary, parent, changedPages, ...rest } = manifest;
  const json = { ...rest, summary: summaryJson(summary), parent: parent ?? null, changedPages: changedPages ?? null };
  return Buffer.from(`${JSON.stringify(json, null, 1)}\n`, "utf8");
}

/**
 * Reads a manifest and holds it against itself: whatever it announces has to fit together before a byte of it is
 * unpacked. @throws AppError BACKUP_DAMAGED or BACKUP_FORMAT_NEWER.
 */
export function parseManifest(bytes: Buffer, file: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw backupError("BACKUP_DAMAGED", `${file} has no readable manifest.`, cause);
  }
  const format = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  if (typeof format === "number" && format > BACKUP_FORMAT)
    throw backupError("BACKUP_FORMAT_NEWER", `${file} has format ${format}; this program knows ${BACKUP_FORMAT}.`);
  const parsed = manifestSchema.safeParse(value);
  const [problem] = parsed.success ? inconsistencies(parsed.data) : [parsed.error.issues[0]?.message ?? "invalid"];
  if (!parsed.success || problem !== undefined)
    throw backupError("BACKUP_DAMAGED", `The manifest of ${file} does not hold: ${problem}.`);
  return parsed.data;
}

function* inconsistencies(manifest: BackupManifest): Generator<string> {
  const { summary, parent, database, changedPages, files } = manifest;
  if (parent?.id !== summary.parentId) yield "it names two parents";
  const names = files.map(({ name }) => name);
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) yield "it names a file twice";
  if (database.bytes % database.pageBytes !== 0 || database.bytes === 0) yield "a database of half pages";
  const pages = database.bytes / database.pageBytes;
  const bytesOf = (wanted: string) => files.find(({ name }) => name === wanted)?.bytes;
  if (bytesOf(ARCHIVE_NAMES.pageHashes) !== pages * PAGE_HASH_BYTES) yield "hashes for other pages";
  if (summary.kind === "full") {
    if (bytesOf(ARCHIVE_NAMES.database) !== database.bytes || changedPages !== undefined) yield "no whole database";
    if (bytesOf(ARCHIVE_NAMES.pages) !== undefined) yield "pages in a full backup";
  } else {
    if (changedPages === undefined || changedPages > pages) yield "more pages changed than there are";
    else if (bytesOf(ARCHIVE_NAMES.pages) !== changedPages * (database.pageBytes + 4))
      yield "other pages than it counts";
    if (bytesOf(ARCHIVE_NAMES.database) !== undefined) yield "a whole database in an increment";
  }
  if (bytesOf(ARCHIVE_NAMES.manifest) !== undefined) yield "it names itself";
}
