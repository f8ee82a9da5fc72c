import { sizeText } from "../output/size-text.ts";
import type { RetentionRules, RetentionVerdict } from "../../core/domain/backup/retention.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { backupJson, FOLDER_OPTION, openBackups } from "./backup-view.ts";

const BOUNDS = { min: 0, max: 1_000 };

export const backupPrune = defineCommand({
  path: ["backup", "prune"],
  summary: "Remove the backups that no rule of retention keeps.",
  details: [
    "Keeps the newest so many, and the newest of so many days, weeks and months, as configured or as given. What a kept one",
    "is built on stays, and so does the newest that can be restored. Only backups of this database are ever removed; no other",
    "file is touched.",
    'JSON: {"schema":"tapedeck.backups-pruned/1","mode":…,"removed":…,"dryRun":…,"backups":[{"id",…,"keep","reasons"}]}.',
  ],
  examples: [
    { line: "tapedeck backup prune --dry-run", what: "what would go, and why the others stay" },
    { line: "tapedeck backup prune --last 3 --daily 7 --yes", what: "with rules of its own" },
  ],
  options: [
    { flags: "--last N", what: "keep the newest N", default: "7" },
    { flags: "--daily N", what: "keep the newest of each of N days", default: "7" },
    { flags: "--weekly N", what: "keep the newest of each of N weeks", default: "4" },
    { flags: "--monthly N", what: "keep the newest of each of N months", default: "12" },
    { flags: "--dry-run", what: "remove nothing" },
    FOLDER_OPTION,
  ],
  next: "tapedeck backup ls",
  run: async (context) => {
    const { options, print } = context;
    const backups = await openBackups(context);
    const plan = await backups.planPruning(readRules(context, backups.keep));
    const going = plan.filter(({ keep }) => !keep);
    const dryRun = options.has("dry-run");
    if (!dryRun && going.length > 0) {
      const bytes = going.reduce((sum, { backup }) => sum + backup.bytes, 0);
      const names = going.map(({ backup }) => backup.id).join(", ");
      await confirmTyped(context, `${going.length} backups (${sizeText(bytes)}) will be removed: ${names}.`, "prune");
    }
    const { removed, unwritten } = dryRun ? { removed: 0, unwritten: undefined } : backups.prune(plan);
    tell(context, plan, { removed, dryRun });
    if (unwritten !== undefined) print.warn(`The journal does not say so: ${unwritten}`);
    return EXIT_CODES.ok;
  },
});

function readRules({ options }: CommandContext, usual: RetentionRules): RetentionRules {
  return {
    last: options.count("last", BOUNDS) ?? usual.last,
    daily: options.count("daily", BOUNDS) ?? usual.daily,
    weekly: options.count("weekly", BOUNDS) ?? usual.weekly,
    monthly: options.count("monthly", BOUNDS) ?? usual.monthly,
  };
}

function tell(
  { print }: CommandContext,
  plan: readonly RetentionVerdict[],
  about: { readonly removed: number; readonly dryRun: boolean },
): void {
  const gone = about.dryRun ? "would go" : "removed";
  print.list({
    schema: "tapedeck.backups-pruned/1",
    itemSchema: "tapedeck.backup-fate/1",
    key: "backups",
    items: plan,
    about,
    json: ({ backup, keep, reasons }) => ({ ...backupJson(backup), keep, reasons }),
    csv: ({ backup, keep, reasons }) => ({ ...backupJson(backup), keep, reasons: reasons.join("; ") }),
    columns: [
      { title: "BACKUP", value: ({ backup }) => backup.id },
      { title: "KIND", value: ({ backup }) => backup.kind },
      { title: "MADE", value: ({ backup }) => isoTime(backup.createdAt), optional: 1 },
      { title: "SIZE", value: ({ backup }) => sizeText(backup.bytes), align: "right" },
      { title: "FATE", value: ({ keep }) => (keep ? "stays" : gone) },
      { title: "WHY", value: ({ reasons }) => reasons.join("; ") || "no rule keeps it" },
    ],
    empty: "There is no backup.",
  });
}
