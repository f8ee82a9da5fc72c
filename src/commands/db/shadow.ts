import type { Syncing, Verification } from "../../app/syncing.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { createCounter } from "../output/counter.ts";
import { isoTime, timeOrNull } from "../output/iso-time.ts";
import { withSyncing } from "../sync/sync-view.ts";
import { usageError } from "../usage-error.ts";

/** More are counted and not listed. */
const MOST_LISTED = 1_000;

export const dbShadow = defineCommand({
  path: ["db", "shadow"],
  summary: "Keep the remote as a second record, and prove that it holds the same.",
  details: [
    "on: offers every row and compares from now on, every hour while a console or guardian runs. off: compares no more; rows",
    "go on being exchanged as long as a remote is set. status: the mode, and how many comparisons in a row were clean.",
    "verify: compares sums of hashes, and names each row that is missing, extra or different; --deep reads every row and finds",
    "values that were changed in place. Exit code 9 when anything differs. The file here decides everything throughout.",
    'JSON: {"schema":"tapedeck.shadow/1","mode":…,"storageMode":"local|shadow|primary",…} and, of verify,',
    '{"schema":"tapedeck.verification/1","mode":…,"kind":"fast|deep","rows":…,"differences":…,"findings":[{"kind","table","key"}]}.',
  ],
  examples: [
    { line: "tapedeck db shadow on", what: "the first step towards a remote that is the record" },
    { line: "tapedeck db shadow verify --deep", what: "every value, on both sides" },
  ],
  arguments: [{ name: "ACTION", what: "on, off, status or verify" }],
  options: [{ flags: "--deep", what: "with verify: read every row" }],
  next: "tapedeck db cutover plan",
  run: (context) =>
    withSyncing(context, async (syncing) => {
      const [action] = context.args;
      switch (action) {
        case "on":
          await confirmTyped(context, "Every row of this home will be copied to the remote.", "shadow");
          await enter(context, syncing);
          break;
        case "off":
          await confirmTyped(context, "The remote will not be held against this file any more.", "local");
          syncing.shadow.leave();
          break;
        case "status":
          break;
        case "verify":
          return verify(context, syncing);
        default:
          throw usageError(`There is no db shadow ${safeText(action ?? "", 40)}.`, "It is on, off, status or verify.");
      }
      tellStatus(context, syncing);
      return EXIT_CODES.ok;
    }),
});

async function enter(context: CommandContext, { shadow }: Syncing): Promise<void> {
  const counter = createCounter(context);
  await shadow.enter(context.signal, ({ pushed }) => {
    counter.say(`${pushed} rows pushed`);
  });
  counter.end();
}

function tellStatus({ print }: CommandContext, syncing: Syncing): void {
  const { mode, since, cleanInRow, cleanSince, last, lastDeep } = syncing.shadow.record();
  const told = (one: typeof lastDeep) =>
    one === undefined ? "never" : `${isoTime(one.at)}, ${one.findings} differences`;
  print.record({
    schema: "tapedeck.shadow/1",
    json: {
      storageMode: mode,
      since: since === 0 ? null : isoTime(since),
      cleanInRow,
      cleanSince: timeOrNull(cleanSince),
      lastVerification:
        last === undefined ? null : { at: isoTime(last.at), kind: last.kind, differences: last.findings },
      lastDeepVerification:
        lastDeep === undefined ? null : { at: isoTime(lastDeep.at), differences: lastDeep.findings },
    },
    fields: [
      ["storage", since === 0 ? mode : `${mode} since ${isoTime(since)}`],
      ["clean in a row", cleanSince === undefined ? String(cleanInRow) : `${cleanInRow} since ${isoTime(cleanSince)}`],
      ["last", told(last)],
      ["last deep", told(lastDeep)],
    ],
  });
}

async function verify(context: CommandContext, syncing: Syncing): Promise<number> {
  const { options, signal, fail } = context;
  const counter = createCounter(context);
  const verified = await syncing.shadow.verify(options.has("deep") ? "deep" : "fast", signal, (rows) => {
    counter.say(`${rows} rows read`);
  });
  counter.end();
  tellVerification(context, verified);
  const { findings } = verified;
  if (findings.length === 0) return EXIT_CODES.ok;
  return fail(
    {
      code: "SHADOW_DIFFERS",
      message: `${findings.length} rows differ between this machine and the remote.`,
      notDone: "Nothing was changed on either side.",
      hint: "Missing rows are offered again by `tapedeck db shadow off` and `on`; what was altered there somebody else wrote.",
    },
    EXIT_CODES.partial,
  );
}

function tellVerification({ print }: CommandContext, { kind, rows, findings }: Verification): void {
  print.list({
    schema: "tapedeck.verification/1",
    itemSchema: "tapedeck.verification-finding/1",
    key: "findings",
    items: findings.slice(0, MOST_LISTED),
    about: { kind, rows, differences: findings.length },
    json: (finding) => ({ ...finding }),
    csv: (finding) => ({ ...finding }),
    columns: [
      { title: "KIND", value: (finding) => finding.kind },
      { title: "TABLE", value: ({ table }) => table },
      { title: "KEY", value: ({ key }) => safeText(key, 100) },
    ],
    empty: `Both sides hold the same ${rows} rows.`,
  });
}
