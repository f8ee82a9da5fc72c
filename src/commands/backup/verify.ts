import type { Backups, VerifiedBackup } from "../../app/backups.ts";
import type { BackupId } from "../../core/domain/backup/backup.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { usageError } from "../usage-error.ts";
import { FOLDER_OPTION, openBackups, readBackupId, rowCount, withProgress } from "./backup-view.ts";
import { PASSPHRASE_OPTIONS, passphraseToOpen } from "./passphrase.ts";

export const backupVerify = defineCommand({
  path: ["backup", "verify"],
  summary: "Rebuild a backup from its chain, and prove it byte for byte.",
  details: [
    "Checks every sum and seal, rebuilds the database beside the backups, has SQLite check it, and counts its rows. With",
    "--drill the newest one is restored to a home of its own, opened and brought up to date as after a loss; the result",
    "goes into the journal. Nothing remains of either.",
    "Exit code 1 when it does not verify; 9 with --all when some do not.",
    'JSON: {"schema":"tapedeck.backup-verified/1","mode":…,"id":…,"ok":true,"links":…,"sha256":…,"rows":{…}}.',
  ],
  examples: [
    { line: "tapedeck backup verify latest", what: "the newest and all it is built on" },
    { line: "tapedeck backup verify --all", what: "every one of the folder" },
    { line: "tapedeck backup verify --drill", what: "restore the newest to a place that is gone afterwards" },
  ],
  arguments: [{ name: "[ID]", what: "as `backup ls` shows it; the newest otherwise" }],
  options: [
    { flags: "--all", what: "every backup of the folder" },
    { flags: "--drill", what: "restore the newest one, open it, and write the result down" },
    ...PASSPHRASE_OPTIONS,
    FOLDER_OPTION,
    { flags: "--scheduled", what: "say in the journal that a schedule asked for it" },
  ],
  next: "tapedeck backup restore latest",
  run: async (context) => {
    const { options, args } = context;
    if ([options.has("all"), options.has("drill"), args.length > 0].filter(Boolean).length > 1)
      throw usageError("An id, --all and --drill exclude each other.", "Give one of them.");
    const backups = await openBackups(context);
    if (options.has("drill")) return drill(context, backups);
    return options.has("all") ? verifyAll(context, backups) : verifyOne(context, backups);
  },
});

async function verifyOne(context: CommandContext, backups: Backups): Promise<ExitCode> {
  const id = await readBackupId(context.args[0], backups);
  const passphrase = await passphraseToOpen(context, backups, [id]);
  const verified = await withProgress(context, passphrase, (work) => backups.verify(id, work));
  tell(context, id, verified, "It was rebuilt byte for byte and SQLite finds it sound.");
  return EXIT_CODES.ok;
}

async function drill(context: CommandContext, backups: Backups): Promise<ExitCode> {
  const { backups: known } = await backups.list();
  const ids = known.map(({ id }) => id);
  const passphrase = await passphraseToOpen(context, backups, ids);
  const drilled = await withProgress(context, passphrase, (work) => backups.drill(work));
  if (drilled === undefined)
    throw usageError(
      `There is no backup of this database in ${backups.folder}.`,
      "Make one: `tapedeck backup create`.",
      "BACKUP_NOT_FOUND",
    );
  tell(context, drilled.id, drilled, "It was restored, opened and brought up to date; nothing of it remains.");
  if (drilled.unwritten !== undefined) context.print.warn(`The journal does not say so: ${drilled.unwritten}`);
  return EXIT_CODES.ok;
}

function tell({ print }: CommandContext, id: BackupId, { manifest, links }: VerifiedBackup, words: string): void {
  const { database } = manifest;
  print.record({
    schema: "tapedeck.backup-verified/1",
    json: {
      id,
      ok: true,
      links: links.length,
      chain: links.map((link) => link.id),
      sha256: database.sha256,
      schemaVersion: database.schemaVersion,
      rows: database.rows,
    },
    fields: [
      ["backup", id],
      ["chain", links.length === 1 ? "1 link" : `${links.length} links`],
      ["rows", String(rowCount(database.rows))],
      ["sha256", database.sha256],
    ],
    below: ["", words],
  });
}

interface Verdict {
  readonly id: BackupId;
  readonly links: number | undefined;
  readonly fault: { readonly code: string; readonly message: string } | undefined;
}

async function verifyAll(context: CommandContext, backups: Backups): Promise<ExitCode> {
  const { print, fail } = context;
  const { backups: known, unreadable } = await backups.list();
  const ids = known.map(({ id }) => id);
  const passphrase = await passphraseToOpen(context, backups, ids);
  const verdicts: Verdict[] = unreadable.map(({ id, why }) => ({
    id,
    links: undefined,
    fault: { code: "BACKUP_DAMAGED", message: why },
  }));
  for (const id of ids) {
    try {
      const { links } = await withProgress(context, passphrase, (work) => backups.verify(id, work));
      verdicts.push({ id, links: links.length, fault: undefined });
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      verdicts.push({ id, links: undefined, fault: cause });
    }
  }
  print.list({
    schema: "tapedeck.backups-verified/1",
    itemSchema: "tapedeck.backup-verdict/1",
    key: "backups",
    items: verdicts,
    about: { folder: backups.folder },
    json: ({ id, links, fault }) => ({
      id,
      ok: fault === undefined,
      links: links ?? null,
      code: fault?.code ?? null,
      why: fault?.message ?? null,
    }),
    columns: [
      { title: "BACKUP", value: ({ id }) => id },
      { title: "VERDICT", value: ({ fault }) => (fault === undefined ? "sound" : fault.code) },
      { title: "WHY", value: ({ fault, links }) => fault?.message ?? `${links ?? 0} links rebuilt`, optional: 1 },
    ],
    empty: `There is no backup in ${backups.folder}.`,
  });
  const bad = verdicts.filter(({ fault }) => fault !== undefined).length;
  if (bad === 0) return EXIT_CODES.ok;
  return fail(
    {
      code: "BACKUP_DAMAGED",
      message: `${bad} of ${verdicts.length} do not verify.`,
      notDone: "Nothing was restored or changed.",
      hint: "Make a full one: `tapedeck backup create --full`.",
    },
    EXIT_CODES.partial,
  );
}
