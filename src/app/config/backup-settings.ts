import { isAbsolute } from "node:path";
import { z } from "zod";
import type { RetentionRules } from "../../core/domain/backup/retention.ts";
import { DEFAULT_RETENTION } from "../../core/domain/backup/retention.ts";
import type { BackupSchedule } from "../../core/domain/backup/backup-notes.ts";
import type { ExtraFolder } from "../../core/ports/backup-archive.ts";

const path = z.string().max(4096).refine(isAbsolute, 'a path from the root, for example "/mnt/backups"');
const pattern = z.string().min(1).max(200);
const kept = z.int().min(0).max(1_000);

export const backupSchema = z.strictObject({
  folder: path.optional(),
  every_hours: z
    .number()
    .min(0.25)
    .max(24 * 31)
    .optional(),
  drill_days: z.union([z.literal(false), z.int().min(1).max(365)]).optional(),
  passphrase_file: path.optional(),
  keep: z.strictObject({ last: kept, daily: kept, weekly: kept, monthly: kept }).partial().optional(),
  folders: z
    .array(
      z.strictObject({
        path,
        include: z.array(pattern).max(100).optional(),
        exclude: z.array(pattern).max(100).optional(),
      }),
    )
    .max(99)
    .optional(),
});

/** How backups are made where the command line does not say otherwise. */
export interface BackupSettings extends BackupSchedule {
  /** Undefined: in the data folder. */
  readonly folder: string | undefined;
  /** Seals every backup with what stands in it. */
  readonly passphraseFile: string | undefined;
  readonly keep: RetentionRules;
  readonly folders: readonly ExtraFolder[];
}

const HOUR_MS = 3_600_000;
const USUAL_DRILL_DAYS = 7;

export function backupSettings(settings: z.infer<typeof backupSchema> = {}): BackupSettings {
  const { folder, every_hours: hours, drill_days: days, passphrase_file: passphraseFile, keep = {} } = settings;
  const everyMs = hours === undefined ? undefined : hours * HOUR_MS;
  return {
    folder,
    everyMs,
    // Without a schedule of backups there is nothing to try out by itself.
    drillEveryMs: everyMs === undefined || days === false ? undefined : (days ?? USUAL_DRILL_DAYS) * 24 * HOUR_MS,
    passphraseFile,
    keep: {
      last: keep.last ?? DEFAULT_RETENTION.last,
      daily: keep.daily ?? DEFAULT_RETENTION.daily,
      weekly: keep.weekly ?? DEFAULT_RETENTION.weekly,
      monthly: keep.monthly ?? DEFAULT_RETENTION.monthly,
    },
    folders: (settings.folders ?? []).map(({ path: at, include = [], exclude = [] }) => ({
      path: at,
      include,
      exclude,
    })),
  };
}
