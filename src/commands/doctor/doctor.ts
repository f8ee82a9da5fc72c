import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { ExchangeHealth } from "../../core/domain/exchange-health.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { checkPast } from "./past-check.ts";
import type { Check } from "./check.ts";
import { fail, ok } from "./check.ts";
import { checkAccount, checkExchange, checkKeyRights, checkLimits, checkMarkets } from "./exchange-checks.ts";
import { checkBackups, checkKeys, checkNode, checkPlaces, checkTerminal } from "./local-checks.ts";

export const doctor = defineCommand({
  path: ["doctor"],
  summary: "Look for what keeps the console from working, and say what to do about it.",
  details: [
    "Exit 0 when nothing fails, 3 when the configuration does, else 1. No key or secret is ever printed.",
    'JSON: {"schema":"tapedeck.doctor/1","mode":…,"healthy":…,"checks":[{"name","status","detail","next"}],',
    '"exchange":{"clockOffsetMs","weight":{"used","most"},"orderActions","pause",…},"stateHash":…}: the hash is over the',
    "account's stored orders, fills, protections and trading state, and equal when all of them are.",
  ],
  examples: [
    { line: "tapedeck doctor", what: "check this machine and the exchange" },
    { line: "tapedeck --profile main doctor --json", what: "the same of a profile, for a script" },
  ],
  next: "tapedeck demo",
  run: async (context) => {
    const { io, services, globals, signal } = context;
    const checks: Check[] = [checkNode(process.versions.node), ok("tapedeck", services.readVersion())];
    const terminal = checkTerminal(io, globals.color);
    try {
      return await context.withApp(async (app) => {
        checks.push(...checkConfigured(app), checkKeys(io.env, app));
        const exchange = await checkExchange(app, io, signal);
        checks.push(...exchange);
        if (exchange.every((check) => check.status !== "fail")) {
          checks.push(await checkMarkets(app, signal), ...(await checkKeyRights(app, signal)));
          checks.push(await checkAccount(app, signal));
        }
        const health = app.health();
        const stateHash = app.stored?.stateHash();
        return tell(context, [...checks, checkLimits(health), terminal], EXIT_CODES.failure, { health, stateHash });
      });
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      const configuration = cause.exitCode === EXIT_CODES.configuration;
      const name = configuration ? "configuration" : "start";
      checks.push(fail(name, `${cause.message} (${cause.code})`, cause.hint ?? "Mend it and try again."), terminal);
      return tell(context, checks, configuration ? EXIT_CODES.configuration : EXIT_CODES.failure);
    }
  },
});

function checkConfigured(app: App): readonly Check[] {
  const stored = app.storedOrdersOfAllAccounts({}).length;
  return [
    ok("mode", `${app.mode} on ${app.exchange}`),
    ...checkPlaces(app.places),
    checkPast(app),
    checkBackups(app),
    ok("stored orders", `${stored} in the database, which opens and is migrated`),
    ...(app.stored === undefined ? [] : [ok("stored state", app.stored.stateHash())]),
  ];
}

function tell(
  { print }: CommandContext,
  checks: readonly Check[],
  failureCode: ExitCode,
  { health, stateHash }: { readonly health?: ExchangeHealth; readonly stateHash?: string | undefined } = {},
): ExitCode {
  const healthy = checks.every((check) => check.status !== "fail");
  if (print.format === "json") {
    print.record({
      schema: "tapedeck.doctor/1",
      json: { healthy, checks: checks.map(checkJson), exchange: healthJson(health), stateHash: stateHash ?? null },
      fields: [],
    });
  } else if (print.format === "table") {
    const width = Math.max(...checks.map((check) => check.name.length));
    for (const { name, status, detail, next } of checks) {
      const color = { ok: print.paint.green, warn: print.paint.yellow, fail: print.paint.red }[status];
      print.line(`${color(status.padEnd(4))}  ${name.padEnd(width)}  ${detail}`);
      if (next !== undefined) print.line(`${" ".repeat(width + 8)}→ ${next}`);
    }
  } else {
    print.list({
      schema: "tapedeck.doctor/1",
      itemSchema: "tapedeck.check/1",
      key: "checks",
      items: checks,
      json: checkJson,
      columns: [],
      empty: "Nothing was checked.",
    });
  }
  return healthy ? EXIT_CODES.ok : failureCode;
}

/** Null where no exchange was asked. */
function healthJson(health: ExchangeHealth | undefined): object | null {
  if (health === undefined) return null;
  const { clock, use, pause, poison, reconnects, largestOffsetMs } = health;
  return {
    clockOffsetMs: clock?.offsetMs ?? null,
    clockUncertaintyMs: clock?.uncertaintyMs ?? null,
    largestClockOffsetMs: largestOffsetMs,
    weight: use.weight,
    orderActions: use.orderActions,
    pause: pause === undefined ? null : { why: pause.why, dataForMs: pause.forMs, tradingForMs: pause.tradingForMs },
    unreadableRows: poison,
    reconnects,
  };
}

function checkJson({ name, status, detail, next }: Check): object {
  return { name, status, detail, next: next ?? null };
}
