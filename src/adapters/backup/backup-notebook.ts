import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { BackupNotes } from "../../core/domain/backup/backup-notes.ts";
import { NO_NOTES } from "../../core/domain/backup/backup-notes.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import type { BackupNotebook } from "../../core/ports/backup-notebook.ts";
import { idSchema } from "./summary-json.ts";

const at = z.int().min(0);
const words = z.string().transform((text) => safeText(text, 400));
/** JSON has no undefined: what is not known is left out or null. */
const known = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const notesSchema = z
  .object({
    scheduledSince: known(at),
    created: known(z.object({ id: idSchema, at })),
    failed: known(z.object({ why: words, at })),
    drilled: known(z.object({ id: idSchema, at, fault: known(words) })),
    missedToldAt: known(at),
  })
  .transform((notes): BackupNotes => ({ ...NO_NOTES, ...notes }));

/** A small file of JSON. What cannot be read counts as nothing known. */
export function createBackupNotebook(file: string): BackupNotebook {
  const read = (): BackupNotes => {
    try {
      return notesSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? NO_NOTES;
    } catch {
      return NO_NOTES;
    }
  };
  return {
    read,
    note(change) {
      const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(draft, JSON.stringify({ ...read(), ...change }), { mode: 0o600, flag: "wx" });
        renameSync(draft, file);
      } catch {
        rmSync(draft, { force: true });
      }
    },
  };
}
