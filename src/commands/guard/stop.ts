import type { App } from "../../app/app.ts";
import type { LeaseRecord } from "../../core/domain/guard-lease.ts";
import { isHeardOf } from "../../core/domain/guard-lease.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { GuardRun, GuardRuns } from "../../app/guarding.ts";
import { confirmTyped } from "../confirm.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Column } from "../output/table.ts";

/** It lets work under way end first, and an exit is worth a while. */
const END_WITHIN_MS = 20_000;
/** Whoever stands by looks every second. */
const TAKEN_OVER_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 100;

export const guardStop = defineCommand({
  path: ["guard", "stop"],
  summary: "End the guardians of this home, and say what nobody guards from then on.",
  details: [
    "Asks every `guard run` of the account, in the background or in a terminal, to end in good order: it lets go of the lease,",
    "and its exits stand. A console guards, too, and is left alone: leave it with q. No process is ever killed.",
    "While protections are armed and nobody else guards this has to be confirmed, or needs --yes. Nothing to end is no error.",
    'JSON: {"schema":"tapedeck.guard-stopped/1","mode":…,"stopped":[{"pid":…,"held":…}],"guardian":…,"unguarded":[…]}.',
  ],
  examples: [
    { line: "tapedeck guard stop", what: "end the guardian in the background" },
    { line: "tapedeck guard stop --yes", what: "in a script, also while protections are armed" },
  ],
  next: "tapedeck guard status",
  run: (context) =>
    context.withApp(async (app) => {
      const { protections } = app.guarding.status();
      const holder = holderOf(app);
      const { accountId, guardRuns } = app;
      const runs = accountId === undefined ? [] : (guardRuns?.list(accountId) ?? []);
      if (guardRuns === undefined || runs.length === 0) {
        if (holder !== undefined) return tellConsole(context, holder);
        tellStopped(context, app, { stopped: [], held: undefined });
        return EXIT_CODES.ok;
      }
      const held = runs.find(({ pid }) => pid === holder?.pid);
      if (isUnguarded(app) || (protections.length > 0 && held !== undefined)) {
        const armed = protections.length === 1 ? "1 protection is" : `${protections.length} protections are`;
        await confirmTyped(context, `${armed} armed: once the guardian ends, nothing of it sells.`, "unguarded");
      }
      // Those that stand by first, as one of them would take over.
      const order = [...runs.filter((run) => run !== held), ...(held === undefined ? [] : [held])];
      const left = await endAll(context, guardRuns, order);
      const stopped = order.filter((run) => !left.includes(run));
      await waitForNext(context, app);
      tellStopped(context, app, { stopped, held });
      return left.length === 0 ? EXIT_CODES.ok : tellLeft(context, left, stopped.length);
    }),
});

/** Nobody acts on what is armed, here or, as far as is heard, on another machine. */
function isUnguarded({ guarding }: App): boolean {
  const { isAlive, elsewhere, now, protections } = guarding.status();
  return protections.length > 0 && !isAlive && (elsewhere === undefined || !isHeardOf(elsewhere, now));
}

function holderOf({ guarding }: App): LeaseRecord | undefined {
  const { lease, isAlive } = guarding.status();
  return isAlive ? lease : undefined;
}

/** @returns those that have not ended in time. */
async function endAll(
  { io, signal }: CommandContext,
  guardRuns: GuardRuns,
  runs: readonly GuardRun[],
): Promise<readonly GuardRun[]> {
  const left: GuardRun[] = [];
  for (const run of runs) {
    guardRuns.ask(run);
    const giveUpAt = io.now() + END_WITHIN_MS;
    while (guardRuns.isThere(run) && io.now() <= giveUpAt) await io.sleep(LOOK_EVERY_MS, signal);
    if (guardRuns.isThere(run)) left.push(run);
  }
  return left;
}

/** A console that stood by guards within a second or so, and then nothing is unguarded. */
async function waitForNext({ io, signal }: CommandContext, app: App): Promise<void> {
  const giveUpAt = io.now() + TAKEN_OVER_WITHIN_MS;
  while (isUnguarded(app) && io.now() <= giveUpAt) await io.sleep(LOOK_EVERY_MS, signal);
}

function tellStopped(
  { print }: CommandContext,
  app: App,
  { stopped, held }: { readonly stopped: readonly GuardRun[]; readonly held: GuardRun | undefined },
): void {
  const holder = holderOf(app);
  const unguarded = isUnguarded(app) ? app.guarding.status().protections : [];
  print.record({
    schema: "tapedeck.guard-stopped/1",
    json: {
      stopped: stopped.map((run) => ({ pid: run.pid, held: run === held })),
      guardian: holder === undefined ? null : { pid: holder.pid, host: holder.host },
      unguarded: unguarded.map(({ protectionId, symbol }) => ({ protectionId, symbol })),
    },
    fields: [
      [
        "ended",
        stopped.map(({ pid }) => `process ${pid}`).join(", ") || "nobody: no guardian of this account runs here",
      ],
      ["guardian", holder === undefined ? "nobody" : `process ${holder.pid} on ${holder.host}`],
      ["unguarded", unguarded.length === 0 ? "nothing" : String(unguarded.length)],
    ],
    below: unguarded.length === 0 ? [] : ["", ...print.table(COLUMNS, unguarded)],
    deed: { done: "the guardian was ended.", hint: "See `tapedeck guard status`." },
  });
  if (unguarded.length > 0) {
    const what = unguarded.map(({ protectionId, symbol }) => `${symbol} (${protectionId})`).join(", ");
    print.warn(`Nobody guards ${what}: nothing of it sells until \`tapedeck guard run\` does, or the screen is open.`);
  }
}

const COLUMNS: readonly Column<Protection>[] = [
  { title: "PROTECTION", value: ({ protectionId }) => protectionId },
  { title: "MARKET", value: ({ symbol }) => symbol },
];

function tellConsole({ fail }: CommandContext, { pid, host }: LeaseRecord): ExitCode {
  const fault = {
    code: "GUARD_IS_CONSOLE",
    message: `Process ${pid} on ${host} guards, and it is no \`guard run\` of this home: a console, or one of another home.`,
    notDone: "It was left alone, and goes on guarding.",
    hint: "Leave the console with q; it asks what becomes of what it guards.",
  };
  return fail(fault, EXIT_CODES.failure);
}

function tellLeft({ fail }: CommandContext, left: readonly GuardRun[], ended: number): ExitCode {
  const which = left.map(({ pid }) => `process ${pid}`).join(", ");
  const fault = {
    code: "GUARD_NOT_ENDED",
    message: `Asked to end, and still there after ${END_WITHIN_MS / 1_000} s: ${which}.`,
    notDone: "It was not killed: an exit may be under way.",
    hint: "See `tapedeck guard status`; it ends when it answers, and `kill -9` is safe, as another run finds every order.",
  };
  return fail(fault, ended === 0 ? EXIT_CODES.failure : EXIT_CODES.partial);
}
