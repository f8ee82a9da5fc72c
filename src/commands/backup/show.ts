import { sizeText } from "../output/size-text.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { FOLDER_OPTION, manifestJsonOf, openBackups, readBackupId, withProgress } from "./backup-view.ts";
import { PASSPHRASE_OPTIONS, passphraseToOpen } from "./passphrase.ts";

export const backupShow = defineCommand({
  path: ["backup", "show"],
  summary: "Show what a backup holds, from its manifest.",
  details: [
    "The manifest is held against itself and not against the rest of the file: `backup verify` does that.",
    'JSON: {"schema":"tapedeck.backup-shown/1","mode":…,"id":…,"kind":…,"parent":…,"database":{…},"files":[…],…}.',
  ],
  examples: [{ line: "tapedeck backup show latest", what: "tables with their rows, files, versions" }],
  arguments: [{ name: "[ID]", what: "as `backup ls` shows it; the newest otherwise" }],
  options: [...PASSPHRASE_OPTIONS, FOLDER_OPTION],
  next: "tapedeck backup verify latest",
  run: async (context) => {
    const { print, args } = context;
    const backups = await openBackups(context);
    const id = await readBackupId(args[0], backups);
    const passphrase = await passphraseToOpen(context, backups, [id]);
    const manifest = await withProgress(context, passphrase, (work) => backups.show(id, work));
    const { summary, database, versions, files, folders, changedPages } = manifest;
    print.record({
      schema: "tapedeck.backup-shown/1",
      json: {
        id,
        kind: summary.kind,
        parent: summary.parentId ?? null,
        createdAt: isoTime(summary.createdAt),
        sealed: summary.sealed,
        origin: summary.origin,
        ...manifestJsonOf(manifest),
      },
      fields: [
        ["backup", id],
        ["kind", changedPages === undefined ? summary.kind : `${summary.kind}, ${changedPages} pages`],
        ["builds on", summary.parentId ?? "nothing"],
        ["made", isoTime(summary.createdAt)],
        ["by", `tapedeck ${versions.tapedeck}, SQLite ${versions.sqlite}, Node ${versions.node}`],
        ["sealed", summary.sealed ? "yes" : "no"],
        ["database", `${sizeText(database.bytes)}, schema version ${database.schemaVersion}`],
        ["sha256", database.sha256],
      ],
      below: [
        "",
        ...print.table(
          [
            { title: "TABLE", value: ([table]) => table },
            { title: "ROWS", value: ([, rows]) => String(rows), align: "right" },
          ],
          Object.entries(database.rows),
        ),
        "",
        ...print.table(
          [
            { title: "FILE", value: ({ name }) => name },
            { title: "SIZE", value: ({ bytes }) => sizeText(bytes), align: "right" },
          ],
          files,
        ),
        ...folders.map(({ number, path, leftOut }) => `extra/${number} is ${path}; ${leftOut} files stayed out.`),
      ],
    });
    return EXIT_CODES.ok;
  },
});
