import type { App } from "../../app/app.ts";
import { heartbeatAge } from "../../core/domain/guard-lease.ts";
import type { CoverageScope } from "../../core/domain/arming/plan-coverage.ts";
import type { OrderPlan } from "../../core/domain/order-plan.ts";
import type { Protection } from "../../core/domain/protection.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import { planJson, stepLines } from "../order/plan-view.ts";
import type { Printer } from "../output/printer.ts";
import { exitWords, LEG_COLUMNS, outsideWords, protectionJson, scopeJson, scopeWords } from "./protection-json.ts";

/** The process that would act on a protection at this moment; undefined while none does. */
export function guardianOf(app: App): { readonly pid: number; readonly heartbeatAgeMs: number } | undefined {
  const { lease, isAlive } = app.guarding.status();
  if (lease === undefined || !isAlive) return undefined;
  return { pid: lease.pid, heartbeatAgeMs: heartbeatAge(lease, app.now()) };
}

function guardianJson(app: App) {
  const guardian = guardianOf(app);
  return guardian === undefined
    ? { state: "none", pid: null, heartbeatAgeMs: null }
    : { state: "alive", pid: guardian.pid, heartbeatAgeMs: guardian.heartbeatAgeMs };
}

/** Only a plan looks at what its exit would come to. */
function exitJson(exitNow: OrderPlan | undefined) {
  return exitNow === undefined ? {} : { exitNow: planJson(exitNow) };
}

function exitLines(print: Printer, exitNow: OrderPlan | undefined): readonly string[] {
  if (exitNow === undefined) return [];
  return ["", "If it sold all of it at the present price:", "", ...stepLines(print, exitNow.steps)];
}

/** Prints a protection, with who acts on it: a protection that nobody guards protects nothing. */
export function printProtection(
  print: Printer,
  app: App,
  protection: Protection,
  {
    base,
    scope,
    isPlan = false,
    hindrances = [],
    exitNow,
  }: {
    readonly base: string;
    readonly scope: CoverageScope;
    readonly isPlan?: boolean;
    readonly hindrances?: readonly Denial[];
    readonly exitNow?: OrderPlan | undefined;
  },
): void {
  const { prints, holdMs } = protection.confirmation;
  const held = holdMs === 0 ? "" : ` over ${holdMs} ms`;
  const guardian = guardianOf(app);
  const outside = outsideWords(scope, base);
  print.record({
    schema: "tapedeck.protection/1",
    json: {
      ...protectionJson(protection),
      scope: scopeJson(scope),
      planned: isPlan,
      guardian: guardianJson(app),
      hindrances,
      ...exitJson(exitNow),
    },
    ...(isPlan
      ? {}
      : {
          deed: {
            done: `protection ${protection.protectionId} is armed`,
            hint: "See it with `tapedeck guard status`.",
          },
        }),
    fields: [
      ["id", protection.protectionId],
      ["market", protection.symbol],
      ["state", isPlan ? "planned; nothing is armed" : protection.state],
      ["covers", scopeWords(protection, scope, base)],
      ...(outside === undefined ? [] : ([["not covered", outside]] as const)),
      ...(protection.linkedOrderId === undefined ? [] : ([["cancels first", protection.linkedOrderId]] as const)),
      ["sells", exitWords(protection.exit)],
      ["watches", `${protection.trigger}, ${prints} in a row${held}`],
      [
        "guardian",
        guardian === undefined ? "nobody" : `process ${guardian.pid}, heartbeat ${guardian.heartbeatAgeMs} ms ago`,
      ],
    ],
    below: ["", ...print.table(LEG_COLUMNS, protection.legs), ...exitLines(print, exitNow)],
  });
}

export const NOBODY_GUARDS =
  "Nobody guards this account: nothing will sell until a guardian runs. Start one: `tapedeck guard run`.";
