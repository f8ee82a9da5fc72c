import type { App } from "../../app/app.ts";
import type { GuardNews } from "../../app/guarding.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { isoTime } from "../output/iso-time.ts";
import { notification } from "../output/notification.ts";

export const guardRun = defineCommand({
  path: ["guard", "run"],
  summary: "Guard the protections of the account in this process, until Ctrl-C or SIGTERM.",
  details: [
    "Watches each market with a protection and sells when a stop, a target or a time is reached. Of all processes of an",
    "account one guards; the others stand by and take over within seconds. What was crossed while nobody watched asks,",
    "and never sells by itself. On stopping it lets go at once, so that another may go on.",
    "Where stdout is no terminal it prints one JSON line when it is ready, then one for each event:",
    '{"schema":"tapedeck.guard/1","mode":…,"pid":…,"lease":{"held":true,"token":…,"pid":…}}.',
  ],
  examples: [
    { line: "tapedeck guard run", what: "guard in this terminal" },
    { line: "tapedeck guard run --detach", what: "guard in the background, until it is told to stop" },
  ],
  options: [{ flags: "--detach", what: "run in the background; returns once it guards or stands by" }],
  next: "tapedeck guard status",
  run: (context) => (context.options.has("detach") ? detach(context) : guardHere(context)),
});

async function guardHere(context: CommandContext): Promise<ExitCode> {
  const { io, print, signal, withApp } = context;
  return withApp(async (app) => {
    const tell = teller(context, app);
    await app.startSession(signal);
    tellReady(context, app);
    tell.open();
    await new Promise<void>((resolve) => {
      if (signal.aborted || io.out.closed.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    tell.close();
    if (print.format === "table") print.line("Stopped; another process may guard from now on.");
    return signal.reason === "SIGTERM" ? EXIT_CODES.ok : EXIT_CODES.interrupted;
  });
}

/** Keeps what is told back until the word that it is ready is out: a script reads that as the first line. */
function teller({ io, print }: CommandContext, app: App) {
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

function tellReady({ print }: CommandContext, app: App): void {
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
    return;
  }
  const view = { held, token: holder?.token ?? null, pid: holder?.pid ?? null };
  print.event("tapedeck.guard/1", { pid: process.pid, lease: view });
}

async function detach({ io, globals, print, services }: CommandContext): Promise<ExitCode> {
  const { pid, isHolder, holderPid, outputFile } = await services.startBackgroundGuard({
    env: io.env,
    profile: globals.profile,
  });
  print.record({
    schema: "tapedeck.guard-started/1",
    json: { pid, lease: { held: isHolder, pid: holderPid }, output: outputFile },
    fields: [
      ["process", String(pid)],
      ["lease", isHolder ? "held: it guards" : `held by process ${holderPid ?? "?"}: it stands by`],
      ["output", outputFile],
    ],
    below: ["", `\`kill ${pid}\` ends it; \`tapedeck guard status\` shows what it does.`],
    deed: { done: `process ${pid} runs in the background.`, hint: "See `tapedeck guard status`." },
  });
  return EXIT_CODES.ok;
}
