import { resolve } from "node:path";
import type { Backups, VerifiedBackup } from "../../app/backups.ts";
import type { BackupId } from "../../core/domain/backup/backup.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { usageError } from "../usage-error.ts";
import { FOLDER_OPTION, openBackups, readBackupId, rowCount, withProgress } from "./backup-view.ts";
import { PASSPHRASE_OPTIONS, passphraseToOpen } from "./passphrase.ts";

export const backupRestore = defineCommand({
  path: ["backup", "restore"],
  summary: "Make a home of a backup, or put its database back in place.",
  details: [
    "Goes to a new folder, which TAPEDECK_HOME can point at, and touches nothing else. With --in-place the live database",
    "is replaced, after a typed confirmation and with a copy kept beside it; no other tapedeck may run. Either way the whole",
    "chain is proved first, and what was traded since is fetched from the exchange at the next start.",
    'JSON: {"schema":"tapedeck.backup-restored/1","mode":…,"id":…,"home":…,"database":…,"safetyCopy":…,"rows":{…}}.',
  ],
  examples: [
    { line: "tapedeck backup restore latest --to ~/tapedeck-again", what: "a home of its own" },
    { line: "tapedeck backup restore latest --in-place", what: "over the live database" },
  ],
  arguments: [{ name: "[ID]", what: "as `backup ls` shows it; the newest otherwise" }],
  options: [
    { flags: "--to FOLDER", what: "the new home; must not exist, or be empty", default: "beside the database" },
    { flags: "--in-place", what: "over the live database, keeping a copy of it" },
    ...PASSPHRASE_OPTIONS,
    FOLDER_OPTION,
  ],
  next: "tapedeck doctor",
  run: async (context) => {
    const { options, args } = context;
    const to = options.text("to");
    const inPlace = options.has("in-place");
    if (to !== undefined && inPlace)
      throw usageError("--to and --in-place exclude each other.", "Give one of them, or neither.");
    const backups = await openBackups(context);
    const id = await readBackupId(args[0], backups);
    if (inPlace) {
      await confirmTyped(
        context,
        `Backup ${id} will replace the database ${backups.databaseFile}; a copy of it is kept.`,
        "restore",
      );
    }
    const passphrase = await passphraseToOpen(context, backups, [id]);
    if (inPlace) {
      const done = await withProgress(context, passphrase, (work) => backups.restoreInPlace(id, work));
      tell(context, backups, id, done, { home: undefined, safetyCopy: done.safetyCopy });
    } else {
      const home = to === undefined ? backups.freshHome(id) : resolve(to);
      const done = await withProgress(context, passphrase, (work) => backups.restoreTo(id, home, work));
      tell(context, backups, id, done, { home, safetyCopy: undefined });
    }
    return EXIT_CODES.ok;
  },
});

function tell(
  { print }: CommandContext,
  backups: Backups,
  id: BackupId,
  { manifest, links }: VerifiedBackup,
  place: { readonly home: string | undefined; readonly safetyCopy: string | undefined },
): void {
  const { home, safetyCopy } = place;
  const { rows, sha256 } = manifest.database;
  const database = home === undefined ? backups.databaseFile : resolve(home, "data", "console.db");
  const where = home ?? database;
  print.record({
    schema: "tapedeck.backup-restored/1",
    json: {
      id,
      home: home ?? null,
      database,
      safetyCopy: safetyCopy ?? null,
      links: links.length,
      sha256,
      rows,
      folders: manifest.folders.map(({ number, path }) => ({ number, path })),
    },
    fields: [
      ["backup", id],
      [home === undefined ? "database" : "home", where],
      ["rows", String(rowCount(rows))],
      ...(safetyCopy === undefined ? [] : ([["kept", safetyCopy]] as const)),
    ],
    below: [
      "",
      ...(home === undefined ? [] : [`Use it: TAPEDECK_HOME='${home}' tapedeck`]),
      "What was traded since is fetched from the exchange at the next start.",
    ],
    deed: { done: `backup ${id} was restored to ${where}.`, hint: "Run `tapedeck doctor`." },
  });
}
