import type { App, KeyReport } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { timeOrNull } from "../output/iso-time.ts";

export const keysCheck = defineCommand({
  path: ["keys", "check"],
  summary: "Ask the exchange what the API key may do, and warn of what it should not.",
  details: [
    "Warns of a right to withdraw, a missing list of addresses, the end of its 90 days, missing rights and a list of symbols.",
    "Exit 0 when the key can be used, warnings included; 4 without keys, or when it is frozen, deleted, expired,",
    "refused, or may not read the account. The key itself is not printed.",
    'JSON: {"schema":"tapedeck.key-check/1","mode":…,"usable":…,"findings":[{"level","code","message","next"}],…}.',
  ],
  examples: [
    { line: "tapedeck --profile main keys check", what: "before the first order of a profile" },
    { line: "tapedeck --profile main keys check --json", what: "the same for a script: see `findings`" },
  ],
  next: "tapedeck doctor",
  run: (context) =>
    context.withApp(async (app) => {
      if (app.accountId === undefined) throw noKeys(app, context);
      const report = await app.checkKey(context.signal);
      printReport(context, app, report);
      const unusable = report.findings.find((finding) => finding.level === "unusable");
      if (unusable === undefined) return EXIT_CODES.ok;
      const { code, message, next } = unusable;
      const notDone = "No order can be placed with it.";
      return context.fail({ code, message, notDone, hint: next }, EXIT_CODES.signInNeeded);
    }),
});

function printReport(
  { print }: CommandContext,
  app: App,
  { facts, rights, markets, usable, findings }: KeyReport,
): void {
  const daysLeft = facts?.daysLeft;
  print.record({
    schema: "tapedeck.key-check/1",
    json: {
      account: app.accountId,
      usable,
      status: facts?.status ?? null,
      permissions: facts?.permissions ?? null,
      ipList: facts?.ipList ?? null,
      createdAt: timeOrNull(facts?.createdAt),
      daysLeft: typeof daysLeft === "number" ? daysLeft : null,
      permanent: daysLeft === undefined || daysLeft === "unknown" ? null : daysLeft === "permanent",
      accountCanTrade: rights?.canTrade ?? null,
      markets: markets === undefined ? null : { open: markets.open, allowed: markets.allowed.length },
      findings,
    },
    fields: [
      ["account", app.accountId],
      ["status", facts?.status],
      ["rights", facts?.permissions.join(", ")],
      ["used from", facts === undefined ? undefined : facts.ipList.join(", ") || "any address"],
      [
        "expires",
        typeof daysLeft === "number" ? `in ${daysLeft} days` : daysLeft === "permanent" ? "never" : undefined,
      ],
      ["markets", markets === undefined ? undefined : `${markets.allowed.length} of ${markets.open} open to the API`],
    ],
    below: findings.flatMap(({ level, message, next, code }) => {
      const word = level === "unusable" ? print.paint.red("unusable:") : print.paint.yellow("warning:");
      return [`${word} ${message} ${print.paint.dim(`(${code})`)}`, `  → ${next}`];
    }),
  });
}

function noKeys(app: App, { io }: CommandContext): AppError {
  const unused = (io.env["MEXC_API_KEY"] ?? "") !== "";
  return new AppError({
    code: "KEYS_MISSING",
    message: unused ? `The key that is set is not used in ${app.mode} mode.` : "No API key is set.",
    notDone: "Nothing was sent.",
    hint: unused
      ? 'Choose a profile that says mode = "live": `tapedeck --profile NAME keys check`.'
      : "Set MEXC_API_KEY and MEXC_API_SECRET_FILE, and choose a profile.",
    exitCode: EXIT_CODES.signInNeeded,
  });
}
