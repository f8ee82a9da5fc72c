import { z } from "zod";
import type { BackupId, BackupSummary } from "../../core/domain/backup/backup.ts";
import { parseBackupId } from "../../core/domain/backup/backup.ts";

export const idSchema = z.string().transform((text, context): BackupId => {
  const id = parseBackupId(text);
  if (id !== undefined) return id;
  context.addIssue("no id of a backup");
  return z.NEVER;
});

export const summarySchema = z
  .strictObject({
    id: idSchema,
    kind: z.enum(["full", "incremental"]),
    sealed: z.boolean(),
    parent: z.union([idSchema, z.null()]),
    createdAt: z.int().min(0),
    origin: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  })
  .refine(({ kind, parent }) => (kind === "full") === (parent === null), "an increment has a parent, a full one none")
  .transform(({ parent, ...rest }): BackupSummary => ({ ...rest, parentId: parent ?? undefined }));

export function summaryJson({ parentId, id, kind, sealed, createdAt, origin }: BackupSummary): object {
  return { id, kind, sealed, parent: parentId ?? null, createdAt, origin };
}

export function parseSummary(value: unknown): BackupSummary | undefined {
  return summarySchema.safeParse(value).data;
}
