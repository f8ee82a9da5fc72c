import type { Backups, PassphraseSource } from "../../app/backups.ts";
import type { BackupId } from "../../core/domain/backup/backup.ts";
import { chainOf } from "../../core/domain/backup/chain.ts";
import type { CommandContext, OptionSpec } from "../define-command.ts";
import { usageError } from "../usage-error.ts";

export const PASSPHRASE_OPTIONS: readonly OptionSpec[] = [
  { flags: "--passphrase-file FILE", what: "read the passphrase from a file that only you can read" },
  { flags: "--passphrase-fd N", what: "read the passphrase from an open file descriptor, such as 3" },
];

/** For a new backup: sealed when asked for, by a flag or by the configuration. Asks twice, since a slip would lock it for ever. */
export async function passphraseToSeal(
  context: CommandContext,
  backups: Backups,
): Promise<PassphraseSource | undefined> {
  const given = givenSource(context, backups);
  if (given !== undefined || !context.options.has("encrypt")) return given;
  const typed = await askFor(context, "Passphrase of the new backup: ");
  if ((await askFor(context, "The same again: ")) === typed) return { kind: "typed", text: typed };
  throw usageError("The two passphrases differ.", "Try again.", "BACKUP_PASSPHRASE_DIFFERS");
}

/** To read one: asked for only where something of the chain is sealed. */
export async function passphraseToOpen(
  context: CommandContext,
  backups: Backups,
  ids: readonly BackupId[],
): Promise<PassphraseSource | undefined> {
  const given = givenSource(context, backups);
  if (given !== undefined) return given;
  const { backups: known } = await backups.list();
  const isSealed = ids.some((id) => {
    const chain = chainOf(known, id);
    const links = chain.kind === "whole" ? chain.links : known.filter((backup) => backup.id === id);
    return links.some(({ sealed }) => sealed);
  });
  if (!isSealed || !canAsk(context)) return undefined;
  return { kind: "typed", text: await askFor(context, "Passphrase of the backup: ") };
}

function givenSource({ options }: CommandContext, backups: Backups): PassphraseSource | undefined {
  const path = options.text("passphrase-file");
  const number = options.count("passphrase-fd", { min: 0, max: 1_023 });
  if (path !== undefined && number !== undefined)
    throw usageError("--passphrase-file and --passphrase-fd exclude each other.", "Give one of them.");
  if (path !== undefined) return { kind: "file", path };
  if (number !== undefined) return { kind: "descriptor", number };
  return backups.passphraseFile === undefined ? undefined : { kind: "file", path: backups.passphraseFile };
}

function canAsk({ io }: CommandContext): boolean {
  return io.stdinIsTty && io.err.isTty;
}

async function askFor(context: CommandContext, question: string): Promise<string> {
  if (canAsk(context)) return context.io.askSecret(question, context.signal);
  throw usageError(
    "A passphrase is needed, and nobody can be asked.",
    "Give --passphrase-file FILE or --passphrase-fd N.",
    "BACKUP_PASSPHRASE_NEEDED",
  );
}
