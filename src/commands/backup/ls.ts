import { sizeText } from "../output/size-text.ts";
import { ageInWords } from "../../core/domain/age-words.ts";
import { chainOf } from "../../core/domain/backup/chain.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { backupJson, FOLDER_OPTION, openBackups } from "./backup-view.ts";

export const backupLs = defineCommand({
  path: ["backup", "ls"],
  summary: "List the backups of a folder, and whether each has all it is built on.",
  details: [
    "Needs no passphrase and proves nothing: that is what `backup verify` does. Exit code 9 when a file cannot be read or a",
    "chain has a gap.",
    'JSON: {"schema":"tapedeck.backups/1","mode":…,"folder":…,"unreadable":[…],"backups":[{"id","kind","parent",',
    '"createdAt","sealed","bytes","file","origin","links","whole"}]}, newest first.',
  ],
  examples: [
    { line: "tapedeck backup ls", what: "newest first" },
    { line: "tapedeck backup ls --folder /mnt/usb/tapedeck --json", what: "of another folder" },
  ],
  options: [FOLDER_OPTION],
  next: "tapedeck backup verify latest",
  run: async (context) => {
    const { print, fail } = context;
    const opened = await openBackups(context);
    const { backups, unreadable } = await opened.list();
    const now = opened.now();
    const items = backups.map((backup) => {
      const chain = chainOf(backups, backup.id);
      return { backup, links: chain.kind === "whole" ? chain.links.length : undefined };
    });
    print.list({
      schema: "tapedeck.backups/1",
      itemSchema: "tapedeck.backup/1",
      key: "backups",
      items,
      about: { folder: opened.folder, unreadable },
      json: ({ backup, links }) => ({ ...backupJson(backup), links: links ?? null, whole: links !== undefined }),
      columns: [
        { title: "BACKUP", value: ({ backup }) => backup.id },
        { title: "KIND", value: ({ backup }) => backup.kind },
        { title: "AGE", value: ({ backup }) => ageInWords(now - backup.createdAt), align: "right" },
        { title: "SIZE", value: ({ backup }) => sizeText(backup.bytes), align: "right" },
        { title: "SEALED", value: ({ backup }) => (backup.sealed ? "yes" : "no"), optional: 1 },
        { title: "CHAIN", value: ({ links }) => (links === undefined ? "broken" : `${links} of ${links}`) },
        { title: "BUILDS ON", value: ({ backup }) => backup.parentId ?? "nothing", optional: 2 },
      ],
      empty: `There is no backup in ${opened.folder}. Make one: \`tapedeck backup create\`.`,
    });
    const gaps = items.filter(({ links }) => links === undefined).length;
    if (unreadable.length + gaps === 0) return EXIT_CODES.ok;
    const first = unreadable[0];
    const words = [
      ...(gaps === 0 ? [] : [`${gaps} cannot be restored: something they are built on is missing.`]),
      ...(first === undefined ? [] : [`${unreadable.length} cannot be read, such as ${first.file}: ${first.why}`]),
    ];
    const notDone = "Nothing was changed.";
    const hint = "Bring the missing file back, or make a full one: `tapedeck backup create --full`.";
    return fail({ code: "BACKUP_CHAIN_BROKEN", message: words.join(" "), notDone, hint }, EXIT_CODES.partial);
  },
});
