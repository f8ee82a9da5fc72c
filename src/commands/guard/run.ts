import type { App } from "../../app/app.ts";
import type { GuardNews } from "../../app/guarding.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { causeWords } from "../../core/domain/errors.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Output } from "../io.ts";
import { createPaint } from "../output/paint.ts";
import type { Printer } from "../output/printer.ts";
import { createPrinter } from "../output/printer.ts";
import { usageError } from "../usage-error.ts";
import { waitUntilGuarding } from "./guard-readiness.ts";
import { notification } from "../output/notification.ts";

export const guardRun = defineCommand({
  path: ["guard", "run"],
  summary: "Guard the protections of the account in this process, until Ctrl-C or SIGTERM.",
  details: [
    "Watches each market with a protection and sells when a stop, a target or a time is reached. Of all processes of an",
    "account one guards; the others stand by and take over within seconds. What was crossed while nobody watched asks,",
    "and never sells by itself. On stopping it lets go at once, so that another may go on.",
    "Where stdout is no terminal it prints one JSON line when it is ready, then one for each event:",
    '{"schema":"tapedeck.guard/1","mode":…,"pid":…,"lease":{"held":true,"token":…,"pid":…},"waitsFor":[…]}.',
    "It is ready once all that is armed is watched, or it stands by; after 20 s it says in waitsFor what is missing, and with",
    "--detach the exit code is 9 then. `tapedeck guard stop` ends it.",
  ],
  examples: [
    { line: "tapedeck guard run", what: "guard in this terminal" },
    { line: "tapedeck guard run --detach", what: "guard in the background, until it is told to stop" },
  ],
  options: [
    { flags: "--detach", what: "run in the background; returns once it guards or stands by" },
    { flags: "--log FILE", what: "write the lines to FILE instead, which is kept at 5 MB with two files put aside" },
  ],
  next: "tapedeck guard status",
  run: (context) => {
    const { options } = context;
    if (!options.has("detach")) return guardHere(context);
    if (options.text("log") !== undefined)
      throw usageError("--detach has a log of its own, so that --log has no place beside it.", "Leave --log away.");
    return detach(context);
  },
});

async function guardHere(context: CommandContext): Promise<ExitCode> {
  const log = context.options.text("log");
  if (log === undefined) return guardAnd(context, context.print);
  const append = await context.services.openGuardLog(log);
  const print = logPrinter(append);
  try {
    return await guardAnd(context, print);
  } catch (fault) {
    // Whoever started it in the background reads this file and no other.
    const message = causeWords(fault);
    print.event("tapedeck.guard-event/1", { event: "fault", needsPerson: true, pid: process.pid, message });
    throw fault;
  }
}

async function guardAnd(context: CommandContext, print: Printer): Promise<ExitCode> {
  const { io, withApp } = context;
  const asked = new AbortController();
  const signal = AbortSignal.any([context.signal, asked.signal]);
  let leave: (() => void) | undefined;
  try {
    return await withApp(async (app) => {
      print.mode = app.mode;
      if (app.accountId !== undefined)
        leave = app.guardRuns?.enter(app.accountId, () => {
          asked.abort("asked to end");
        });
      const tell = teller({ io, print }, app);
      await app.startSession(signal);
      const waitsFor = await waitUntilGuarding(app, { io, signal });
      tellReady(print, app, waitsFor);
      tell.open();
      await new Promise<void>((resolve) => {
        if (signal.aborted || io.out.closed.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      tell.close();
      if (print.format === "table") print.line("Stopped; another process may guard from now on.");
      return asked.signal.aborted || signal.reason === "SIGTERM" ? EXIT_CODES.ok : EXIT_CODES.interrupted;
    });
  } finally {
    // Only now the lease is let go of: whoever asked waits for this.
    leave?.();
  }
}

/** Every line goes to the file, whatever the terminal is. */
function logPrinter(append: (line: string) => void): Printer {
  const out: Output = {
    ...{ isTty: false, columns: 80, rows: undefined, failure: undefined },
    closed: new AbortController().signal,
    write: append,
    drained: () => Promise.resolve(),
  };
  const plain = createPaint(false);
  return createPrinter({ format: "json", explicit: true, out, err: out, paint: plain, errPaint: plain, ascii: false });
}

/** Keeps what is told back until the word that it is ready is out: a script reads that as the first line. */
function teller({ io, print }: Pick<CommandContext, "io" | "print">, app: App) {
  const early: (() => void)[] = [];
  let isOpen = false;
  const heard = new Set<string>();

  function say(text: string, json: object, needsPerson: boolean): void {
    const write = () => {
      const time = isoTime(app.now());
      if (print.format !== "table") {
        // Several processes may write to one file: who speaks, and whether it acts or stands by.
        const by = { pid: process.pid, holder: app.guarding.isHolder };
        print.event("tapedeck.guard-event/1", { time, ...by, ...json, message: text });
        return;
      }
      print.line(`${time.slice(11, 19)}  ${needsPerson ? print.paint.yellow(text) : text}`);
      if (needsPerson && io.err.isTty) io.err.write(notification(text));
    };
    if (isOpen) write();
    else early.push(write);
  }

  const endNews = app.guarding.onNews((news: GuardNews) => {
    const { kind, needsPerson, symbol = null, protectionId = null, legId = null } = news;
    heard.add(news.text);
    say(news.text, { event: kind, needsPerson, symbol, protectionId, legId }, needsPerson);
  });
  let told = 0;
  const endNotices = app.store.subscribe(() => {
    for (const { id, text, level } of app.store.getState().session.notices) {
      if (id <= told) continue;
      told = id;
      // News are notices too, for the screen.
      if (!heard.delete(text)) say(text, { event: "notice", needsPerson: false, level }, false);
    }
  });
  return {
    open() {
      isOpen = true;
      for (const write of early.splice(0)) write();
    },
    close() {
      endNews();
      endNotices();
    },
  };
}

function tellReady(print: Printer, app: App, waitsFor: readonly string[]): void {
  const { lease, isAlive, protections } = app.guarding.status();
  const holder = isAlive ? lease : undefined;
  const held = app.guarding.isHolder;
  if (print.format === "table") {
    const count = protections.length === 1 ? "1 protection is" : `${protections.length} protections are`;
    print.line(
      held
        ? `This process (${process.pid}) guards; ${count} armed. Ctrl-C ends it.`
        : `Process ${holder?.pid ?? "?"} guards; this one (${process.pid}) stands by. Ctrl-C ends it.`,
    );
    for (const what of waitsFor) print.line(print.paint.yellow(what));
    return;
  }
  const view = { held, token: holder?.token ?? null, pid: holder?.pid ?? null };
  print.event("tapedeck.guard/1", { pid: process.pid, lease: view, waitsFor });
}

async function detach({ io, globals, print, services, fail }: CommandContext): Promise<ExitCode> {
  const { pid, isHolder, holderPid, outputFile, waitsFor } = await services.startBackgroundGuard({
    env: io.env,
    profile: globals.profile,
  });
  print.record({
    schema: "tapedeck.guard-started/1",
    json: { pid, lease: { held: isHolder, pid: holderPid }, waitsFor, output: outputFile },
    fields: [
      ["process", String(pid)],
      ["lease", isHolder ? "held: it guards" : `held by process ${holderPid ?? "?"}: it stands by`],
      ["output", outputFile],
    ],
    below: ["", "`tapedeck guard stop` ends it; `tapedeck guard status` shows what it does."],
    deed: { done: `process ${pid} runs in the background.`, hint: "See `tapedeck guard status`." },
  });
  if (waitsFor.length === 0) return EXIT_CODES.ok;
  const fault = {
    code: "GUARD_NOT_WATCHING",
    message: `Process ${pid} runs and does not guard all that is armed: ${waitsFor.join(" ")}`,
    notDone: "What it does not watch does not sell; it goes on trying.",
    hint: "See `tapedeck guard status`, and `tapedeck doctor` for the connection.",
  };
  return fail(fault, EXIT_CODES.partial);
}
