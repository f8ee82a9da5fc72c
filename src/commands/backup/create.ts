import { sizeText } from "../output/size-text.ts";
import { resolve } from "node:path";
import type { Backups, ExtraFolder, MadeBackup } from "../../app/backups.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { usageError } from "../usage-error.ts";
import { FOLDER_OPTION, openBackups, rowCount, withProgress } from "./backup-view.ts";
import { PASSPHRASE_OPTIONS, passphraseToSeal } from "./passphrase.ts";

export const backupCreate = defineCommand({
  path: ["backup", "create"],
  summary: "Back up the database while everything runs, and prove that it restores.",
  details: [
    "Copies the last committed state, packs it with the configuration (never a secret), reads it back with all it is built",
    "on, and only then gives it its name. Ctrl-C leaves nothing behind. Without --full or --incremental it makes an",
    "increment where that is worth it: at most seven to a full one, and while less than 30 % has changed.",
    'JSON: {"schema":"tapedeck.backup-created/1","mode":…,"id":…,"file":…,"kind":"full|incremental","parent":…,',
    '"sha256":…,"bytes":…}; the progress goes to stderr as {"schema":"tapedeck.backup-progress/1",…}, with -o ndjson',
    "to stdout before it.",
  ],
  examples: [
    { line: "tapedeck backup create", what: "the next one of its chain, or a full one" },
    { line: "tapedeck backup create --full --encrypt", what: "sealed with a passphrase that is asked for" },
    {
      line: "tapedeck backup create --with ~/strategies --exclude '*.log'",
      what: "with a folder of your own",
    },
  ],
  options: [
    { flags: "--full", what: "the whole database" },
    { flags: "--incremental", what: "only the pages that changed since the newest backup" },
    { flags: "--encrypt", what: "seal it: scrypt and AES-256-GCM" },
    ...PASSPHRASE_OPTIONS,
    FOLDER_OPTION,
    { flags: "--with FOLDER", what: "take a folder along; what looks like a secret stays out", repeatable: true },
    { flags: "--include PATTERN", what: "of these folders only what matches, such as '*.json'", repeatable: true },
    { flags: "--exclude PATTERN", what: "of these folders nothing that matches", repeatable: true },
    { flags: "--prune", what: "afterwards remove what the configured retention lets go" },
    { flags: "--scheduled", what: "say in the journal that a schedule asked for it" },
  ],
  next: "tapedeck backup ls",
  run: async (context) => {
    const { options, print } = context;
    if (options.has("full") && options.has("incremental"))
      throw usageError("--full and --incremental exclude each other.", "Give one of them, or neither.");
    const kind = options.has("full") ? "full" : options.has("incremental") ? "incremental" : "auto";
    const folders = readFolders(context);
    const backups = await openBackups(context);
    const passphrase = await passphraseToSeal(context, backups);
    const made = await withProgress(context, passphrase, (work) => backups.create(kind, folders, work));
    const pruned = options.has("prune") ? await prune(context, backups) : undefined;
    tell(context, made, pruned);
    if (made.unwritten !== undefined) print.warn(`The journal does not say so: ${made.unwritten}`);
    const leftOut = made.manifest.folders.reduce((sum, folder) => sum + folder.leftOut, 0);
    if (leftOut > 0) print.warn(`${leftOut} files stayed out: links, devices, and names that look like a secret's.`);
    return EXIT_CODES.ok;
  },
});

function readFolders({ options }: CommandContext): readonly ExtraFolder[] {
  const paths = options.texts("with");
  const include = options.texts("include");
  const exclude = options.texts("exclude");
  if (paths.length === 0 && include.length + exclude.length > 0)
    throw usageError("--include and --exclude are about the folders of --with.", "Name one: --with FOLDER.");
  return paths.map((path) => ({ path: resolve(path), include, exclude }));
}

/** The backup is made, whatever becomes of the older ones. */
async function prune({ print }: CommandContext, backups: Backups): Promise<number | undefined> {
  try {
    return backups.prune(await backups.planPruning(backups.keep)).removed;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    print.warn(`Older backups were not removed: ${cause.message}`);
    return undefined;
  }
}

function tell({ print }: CommandContext, made: MadeBackup, pruned: number | undefined): void {
  const { backup, path, sha256, manifest, whyFull } = made;
  const { id, kind, parentId, bytes, sealed, createdAt } = backup;
  const { rows, bytes: databaseBytes } = manifest.database;
  print.record({
    schema: "tapedeck.backup-created/1",
    json: {
      id,
      file: path,
      kind,
      parent: parentId ?? null,
      sha256,
      bytes,
      sealed,
      createdAt: isoTime(createdAt),
      database: { bytes: databaseBytes, sha256: manifest.database.sha256, rows },
      whyFull: whyFull ?? null,
      pruned: pruned ?? null,
    },
    fields: [
      ["backup", id],
      ["file", path],
      ["kind", whyFull === undefined ? kind : `${kind}: ${whyFull}`],
      ["builds on", parentId ?? "nothing"],
      ["size", `${sizeText(bytes)} for a database of ${sizeText(databaseBytes)}`],
      ["rows", String(rowCount(rows))],
      ["sealed", sealed ? "yes; without the passphrase nothing can be restored" : "no"],
      ["sha256", sha256],
      ...(pruned === undefined ? [] : ([["removed", `${pruned} older`]] as const)),
    ],
    below: ["", "It was read back and restores."],
    deed: { done: `backup ${id} is in ${path}.`, hint: "See `tapedeck backup ls`." },
  });
}
