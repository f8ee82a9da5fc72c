import type { App, ReconcileSummary } from "../../app/app.ts";
import { holeWords } from "../../app/hole-words.ts";
import type { ProofWish } from "../../app/portfolio-books.ts";
import type { ArchiveHole } from "../../core/domain/archive.ts";
import type { SettledDifference } from "../../core/domain/difference.ts";
import { differenceKey } from "../../core/domain/difference.ts";
import type { Figure } from "../../core/domain/equity-history.ts";
import type { BalanceExplanation } from "../../core/domain/explain-balances.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { warnOfAnomalies } from "../order/prove-outcome.ts";
import { CHANGE_COLUMNS, explanationJson, explanationText } from "../portfolio/explanation-text.ts";
import { figureJson } from "../portfolio/show.ts";
import { usageError } from "../usage-error.ts";
import type { ToldDifference } from "./difference-view.ts";
import { DIFFERENCE_COLUMNS, differenceJson, nextStep } from "./difference-view.ts";
import { HOLE_COLUMNS, holeJson, storedHoles } from "./hole-view.ts";

/** Every outcome is provable by then: a request that was not taken can no longer be. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 2_000;
/** Fills and transfers trail the balance they change by seconds; what stands as long as this is no matter of lag. */
const SETTLE_MS = 6_000;
/** Each of these looks reads lists of its own, which the limits have to bear. */
const PROVE_EVERY_MS = SETTLE_MS / 2;

export const reconcile = defineCommand({
  path: ["reconcile"],
  summary: "Compare our record of the account with the exchange's, and settle what differs.",
  details: [
    "Balances, open orders and fills. Theirs is taken over where it is newer; an order that is not listed is asked for by",
    "name; what was placed elsewhere is held as foreign. Nothing is ever sent again and nothing is cancelled.",
    "The past is pulled, too, in every market with a history or a balance. What the exchange no longer lists (orders after",
    "seven days, executions after a month) and nobody here saw is a hole: --holes names each with its dates.",
    "The balances are held against fills, fees, deposits and withdrawals since they last added up. A transfer that the",
    "exchange lists is named and settles itself. An amount that nothing explains is named with where it may have come",
    "from, and needs a person until they take it over with --accept-balances; the journal keeps it.",
    "Exit code 0: the two agree. 9: something needs a person; what, and the command to try, is printed. 7: no answer.",
    'JSON: {"schema":"tapedeck.reconcile/1","mode":…,"clean":…,"differences":[…],"balances":{…},"holes":[…]}.',
    '--holes: {"schema":"tapedeck.holes/1","mode":…,"holes":[…]}.',
  ],
  examples: [
    { line: "tapedeck reconcile", what: "compare and settle" },
    { line: "tapedeck reconcile --dry-run", what: "only show what differs" },
    { line: "tapedeck reconcile --accept-balances --yes", what: "take over what nothing explains: an airdrop, say" },
    { line: "tapedeck reconcile --json", what: "for scripts: exit code 9 calls for a person" },
  ],
  options: [
    { flags: "--dry-run", what: "show what differs and change nothing" },
    { flags: "--accept-balances", what: "take over amounts that nothing explains; they have to add up from here on" },
    { flags: "--holes", what: "only list the holes in the stored past; asks nobody" },
  ],
  next: "tapedeck order ls",
  run: (context) => {
    const { options, withApp } = context;
    if (options.has("dry-run") && options.has("holes"))
      throw usageError("--holes excludes --dry-run.", "Give one of them.");
    if (options.has("accept-balances") && (options.has("dry-run") || options.has("holes")))
      throw usageError("--accept-balances excludes --dry-run and --holes.", "Give one of them.");
    return withApp(async (app) => {
      if (options.has("accept-balances"))
        await confirmTyped(context, "Amounts that nothing explains would be taken over.", "accept");
      if (options.has("holes")) return Promise.resolve(listHoles(context, app));
      return options.has("dry-run") ? showOnly(context, app) : settle(context, app);
    });
  },
});

function listHoles({ print }: CommandContext, app: App): ExitCode {
  print.list({
    schema: "tapedeck.holes/1",
    itemSchema: "tapedeck.hole/1",
    key: "holes",
    items: storedHoles(app),
    json: holeJson,
    columns: HOLE_COLUMNS,
    empty: "No hole is known.",
  });
  return EXIT_CODES.ok;
}

async function showOnly(context: CommandContext, app: App): Promise<ExitCode> {
  const differences = await app.compare(context.signal);
  const calling = differences.filter(({ action }) => action === "investigate" || action === "cancel");
  tell(context, { differences, calling, dryRun: true, holes: storedHoles(app) });
  if (calling.length === 0) return EXIT_CODES.ok;
  const message = `${calling.length} of ${differences.length} differences would be looked into.`;
  const fault = {
    code: "RECONCILE_DIFFERS",
    message,
    notDone: "Nothing was changed.",
    hint: "Run `tapedeck reconcile`.",
  };
  return context.fail(fault, EXIT_CODES.partial);
}

async function settle(context: CommandContext, app: App): Promise<ExitCode> {
  warnOfAnomalies(app, context.print);
  const { summary, differences, explanation } = await untilNothingWaits(context, app);
  const calling = differences.filter(({ outcome }) => outcome === "needs-person" || outcome === "waiting");
  tell(context, { differences, calling, dryRun: false, holes: storedHoles(app), summary, explanation });
  if (calling.length === 0) return EXIT_CODES.ok;
  const steps = calling.flatMap((difference) => nextStep(difference) ?? []);
  const fault = {
    code: "RECONCILE_NEEDS_PERSON",
    message: `${calling.length} ${calling.length === 1 ? "difference needs" : "differences need"} a person.`,
    notDone: "Nothing was sent again, and nothing was cancelled.",
    hint: `Next: ${[...new Set(steps)].map((step) => `\`${step}\``).join(", ")}.`,
  };
  return context.fail(fault, EXIT_CODES.partial);
}

/** Compares again while time alone may settle something. What was settled on the way is told, too. */
async function untilNothingWaits({ io, options, print, signal }: CommandContext, app: App) {
  const told = new Map<string, ToldDifference>();
  const giveUpAt = io.now() + PATIENCE_MS;
  const note = (differences: readonly SettledDifference[]) => {
    for (const difference of differences) told.set(differenceKey(difference), difference);
  };
  const wish = { hasSettled: createPatience(io), isAccepted: options.has("accept-balances") };
  const { archive, balances, ...first } = await app.reconcileWhole(signal, wish);
  note([...archive.differences, ...balances.differences]);
  for (const hole of archive.holes) print.warn(`${holeWords(hole)}.`);
  for (const [symbol, why] of archive.refused) print.warn(`The past of ${symbol} cannot be asked for: ${why}`);
  let summary: ReconcileSummary = first;
  let proof = balances;
  for (;;) {
    note(summary.differences);
    const isLagging = proof.differences.some(isWaiting);
    if (!(isLagging || summary.differences.some(isWaiting)) || io.now() >= giveUpAt)
      return { summary, differences: [...told.values()], explanation: proof.explanation };
    print.progress("Some outcomes are not provable yet; looking again …");
    await io.sleep(isLagging ? PROVE_EVERY_MS : LOOK_EVERY_MS, signal);
    if (isLagging) {
      const again = await app.proveAgain(signal, wish);
      // What has added up by now leaves no difference behind.
      for (const difference of proof.differences) told.delete(differenceKey(difference));
      [summary, proof] = [again, again.balances];
      note([...again.archive.differences, ...proof.differences]);
    } else summary = await app.reconcile(signal);
  }
}

function isWaiting({ outcome }: SettledDifference): boolean {
  return outcome === "waiting";
}

/** Whether an amount has stood unexplained for long enough, the same to the last unit, from the first look on. */
function createPatience(io: Io): ProofWish["hasSettled"] {
  const seen = new Map<string, { readonly amount: bigint; readonly since: number }>();
  return ({ asset, unexplained }) => {
    const before = seen.get(asset);
    if (before?.amount === unexplained) return io.now() - before.since >= SETTLE_MS;
    seen.set(asset, { amount: unexplained, since: io.now() });
    return false;
  };
}

interface Told {
  readonly differences: readonly ToldDifference[];
  readonly calling: readonly ToldDifference[];
  readonly dryRun: boolean;
  readonly holes: readonly ArchiveHole[];
  readonly summary?: ReconcileSummary;
  /** Absent in a dry run, which pulls nothing that the proof could rest on. */
  readonly explanation?: Figure<BalanceExplanation>;
}

function tell({ print }: CommandContext, { differences, calling, dryRun, holes, summary, explanation }: Told): void {
  const changes = explanation?.kind === "known" ? explanation.value.changes : [];
  print.record({
    schema: "tapedeck.reconcile/1",
    json: {
      clean: calling.length === 0,
      dryRun,
      ordersChecked: summary?.ordersChecked ?? null,
      fillsAdded: summary?.fillsAdded ?? null,
      unresolved: summary?.unresolved ?? null,
      differences: differences.map(differenceJson),
      balances: explanation === undefined ? null : figureJson(explanation, explanationJson),
      holes: holes.map(holeJson),
    },
    fields: [
      ["differences", String(differences.length)],
      ["need a person", String(calling.length)],
      ["holes in the past", String(holes.length)],
      ["open orders", summary === undefined ? undefined : String(summary.ordersChecked)],
      ["balances", explanation === undefined ? undefined : explanationText(explanation)],
      ["fills added", summary === undefined ? undefined : String(summary.fillsAdded)],
    ],
    below: [
      ...(differences.length === 0 ? [] : ["", ...print.table(DIFFERENCE_COLUMNS, differences)]),
      ...(changes.length === 0 ? [] : ["", ...print.table(CHANGE_COLUMNS, changes)]),
    ],
  });
}
