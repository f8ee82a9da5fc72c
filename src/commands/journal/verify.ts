import type { JournalBook, ReplayedAccount, VerifiedJournal } from "../../app/journal-book.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { usageError } from "../usage-error.ts";
import { withBook } from "./entry-filter.ts";

const NAMED_DIFFERENCES = 5;

export const journalVerify = defineCommand({
  path: ["journal", "verify"],
  summary: "Prove that no entry of the journal was changed, taken out or put in.",
  details: [
    "Every entry carries a hash over itself and the entry before. The first one that does not fit is named, with its",
    "number; the exit code is 1. A hash can be made anew by whoever can write the file: keep the newest chain of a",
    "journal elsewhere, and --holds proves later that it is still part of it.",
    "--replay plays each account's journal from its beginning and compares what it tells with what is stored.",
    'JSON: {"schema":"tapedeck.journal-proof/1","mode":…,"journals":[{"mode","account","device","entries","chain",',
    '"broken":{"sequence","why"}}],"replayed":[{"mode","account","orders","fills","differences":[…]}]}.',
  ],
  examples: [
    { line: "tapedeck journal verify", what: "every journal of the database" },
    { line: "tapedeck journal verify --replay --json", what: "and whether orders, fills and stops follow from it" },
    { line: "tapedeck journal verify --holds 9f2c…", what: "whether what was seen then is still there" },
  ],
  options: [
    { flags: "--replay", what: "also play the journals and compare" },
    { flags: "--holds CHAIN", what: "also look for an entry with this chain" },
  ],
  next: "tapedeck backup create",
  run: (context) => withBook(context, (book) => verify(context, book)),
});

function verify({ options, print, fail }: CommandContext, book: JournalBook): ExitCode {
  const chain = options.text("holds");
  if (chain !== undefined && !/^[0-9a-f]{64}$/.test(chain))
    throw usageError(
      "--holds takes a chain: 64 hex digits.",
      "`tapedeck journal verify` prints the newest of each journal.",
    );
  const journals = book.verify();
  const replayed = options.has("replay") ? book.replay() : undefined;
  const holds = chain === undefined ? undefined : book.holdsChain(chain);
  print.record({
    schema: "tapedeck.journal-proof/1",
    json: {
      journals: journals.map(journalJson),
      ...(holds === undefined ? {} : { holds }),
      ...(replayed === undefined ? {} : { replayed: replayed.map(replayedJson) }),
    },
    fields: [
      ["journals", String(journals.length)],
      ["entries", String(journals.reduce((sum, { entries }) => sum + entries, 0))],
      ...(holds === undefined ? [] : ([["that chain", holds ? "is there" : "is not there"]] as const)),
    ],
    below: [
      ...print.table(JOURNAL_COLUMNS, journals),
      ...(replayed ?? []).map((one) => `${one.accountId}: ${replayedText(one)}`),
    ],
  });
  return report(fail, journals, replayed ?? [], holds);
}

function report(
  fail: CommandContext["fail"],
  journals: readonly VerifiedJournal[],
  replayed: readonly ReplayedAccount[],
  holds: boolean | undefined,
): ExitCode {
  const hint = "Keep the file as it is, and compare with a backup: `tapedeck backup ls`.";
  const notDone = "Nothing was changed; entries after it were not looked at.";
  const broken = journals.find((journal) => journal.broken !== undefined);
  if (broken?.broken !== undefined) {
    const where = `Entry ${broken.broken.sequence} of ${broken.accountId} on device ${broken.deviceId}`;
    return fail(
      { code: "JOURNAL_BROKEN", message: `${where}: ${broken.broken.why}.`, notDone, hint },
      EXIT_CODES.failure,
    );
  }
  if (holds === false) {
    const message = "No entry has that chain: the journal was cut off or written anew since.";
    return fail({ code: "JOURNAL_CHAIN_MISSING", message, notDone: "Nothing was changed.", hint }, EXIT_CODES.failure);
  }
  const differing = replayed.find(({ differences }) => differences.length > 0);
  if (differing === undefined) return EXIT_CODES.ok;
  const named = differing.differences.slice(0, NAMED_DIFFERENCES).join("; ");
  const message = `What is stored of ${differing.accountId} does not follow from its journal: ${named}.`;
  return fail({ code: "REPLAY_DIFFERS", message, notDone: "Nothing was changed.", hint }, EXIT_CODES.failure);
}

function journalJson({ mode, accountId, deviceId, entries, chain, broken }: VerifiedJournal) {
  return { mode, account: accountId, device: deviceId, entries, chain, broken: broken ?? null };
}

function replayedJson({ mode, accountId, orders, fills, differences }: ReplayedAccount) {
  return { mode, account: accountId, orders, fills, differences };
}

function replayedText({ orders, fills, differences }: ReplayedAccount): string {
  if (differences.length > 0) return `${differences.length} differences between the journal and what is stored`;
  return `${orders} orders and ${fills} fills follow from the journal`;
}

const JOURNAL_COLUMNS = [
  { title: "ACCOUNT", value: ({ accountId }: VerifiedJournal) => accountId },
  { title: "DEVICE", value: ({ deviceId }: VerifiedJournal) => deviceId, optional: 1 },
  { title: "ENTRIES", value: ({ entries }: VerifiedJournal) => String(entries), align: "right" as const },
  {
    title: "STATE",
    value: ({ broken }: VerifiedJournal) => (broken === undefined ? "whole" : `broken at ${broken.sequence}`),
  },
  { title: "NEWEST CHAIN", value: ({ chain }: VerifiedJournal) => chain, optional: 2 },
];
