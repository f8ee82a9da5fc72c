import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { findInstrument } from "../market/find-instrument.ts";
import { deniedFault } from "../order/order-faults.ts";
import { warnOfAnomalies } from "../order/prove-outcome.ts";
import { PROTECT_FLAGS, readWanted } from "./protect-words.ts";
import { guardianOf, NOBODY_GUARDS, printProtection } from "./protection-view.ts";

export const positionProtect = defineCommand({
  path: ["position", "protect"],
  summary: "Arm a stop, targets, a trailing stop and the like for a position.",
  details: [
    "Covers the quantity that `tapedeck position ls` shows. Base that came in another way, as by a deposit, and what is bought",
    "later stay outside: --quantity covers so much of what is held, --all whatever is held when it sells.",
    "The exchange knows no stop orders: whoever guards the account watches the price and sells, the screen or",
    "`tapedeck guard run`. While nobody does, nothing sells; this command says so.",
    "A level is taken as it is typed, or refused where no price can be. A stop that is too small to be sold at its level is",
    "said so when it is armed: hindrances in JSON, a warning in words.",
    "Distances are counted from what a sale gets at present, with --entry from the limit of that order.",
    'JSON: {"schema":"tapedeck.protection/1","mode":…,"protectionId":…,"scope":{…},"legs":[…],"guardian":{"state":…,"pid":…}}.',
  ],
  examples: [
    { line: "tapedeck position protect BTCUSDT --stop -2%", what: "sell the position when it falls 2 %" },
    { line: "tapedeck position protect BTCUSDT --all --stop -2%", what: "all BTC that is held, deposits included" },
    {
      line: "tapedeck position protect BTCUSDT --quantity 0.01 --stop 60000 --target +3%:50% --target +6%:50%",
      what: "a stop and two targets for 0.01 BTC",
    },
    {
      line: "tapedeck position protect ETHUSDT --trail 1% --activate +2%",
      what: "follow the price once it has risen 2 %",
    },
    { line: "tapedeck position protect BTCUSDT --oco td-01JD2Q --stop 60000", what: "the stop beside a resting sale" },
    { line: "tapedeck position protect BTCUSDT --stop -2% --until 4h --dry-run", what: "what would be armed" },
  ],
  arguments: [{ name: "SYMBOL", what: "the market" }],
  options: [
    ...PROTECT_FLAGS,
    { flags: "--dry-run", what: "show what would be armed, and what it would sell at present; arm nothing" },
    { flags: "--explain", what: "the same as --dry-run" },
  ],
  next: "tapedeck guard status",
  run: (context) => {
    const { args, options, io, print, signal } = context;
    const wanted = readWanted(args[0], options, io.now());
    const isPlan = options.has("dry-run") || options.has("explain");
    return context.withApp(async (app) => {
      warnOfAnomalies(app, print);
      const { base } = await findInstrument(app, wanted.symbol, signal);
      await app.reconcile(signal);
      if (isPlan) {
        const plan = await app.protections.plan(wanted, signal);
        if (plan.kind === "denied") return tellDenied(context, plan.denials);
        printProtection(print, app, plan.protection, {
          base,
          scope: plan.scope,
          isPlan,
          hindrances: plan.hindrances,
          exitNow: plan.exitNow,
        });
        warnOfHindrances(print, plan.hindrances);
        return EXIT_CODES.ok;
      }
      const result = await app.protections.arm(wanted, signal);
      if (result.kind === "denied") return tellDenied(context, result.denials);
      printProtection(print, app, result.protection, { base, scope: result.scope, hindrances: result.hindrances });
      warnOfHindrances(print, result.hindrances);
      if (guardianOf(app) === undefined) print.warn(NOBODY_GUARDS);
      return EXIT_CODES.ok;
    });
  },
});

/** It is armed, and would sell nothing, or less than it covers: that must not be found out when it fires. */
function warnOfHindrances(print: CommandContext["print"], hindrances: readonly Denial[]): void {
  for (const { message, hint } of hindrances) print.warn(`${message} ${hint}`);
}

function tellDenied({ fail }: CommandContext, denials: readonly Denial[]) {
  const { fault, exitCode } = deniedFault(denials, {
    code: "PROTECTION_DENIED",
    message: "things speak against it",
    notDone: "Nothing was armed.",
  });
  return fail(fault, exitCode);
}
