import type { App, ReconcileSummary } from "../../../app/app.ts";
import type { Message } from "./messages.ts";
import { faultText } from "./messages.ts";

/** Makes our record agree with the exchange's now, and says what is left for a person. */
export function sendReconcile(
  app: App,
  signal: AbortSignal,
  say: (level: Message["level"], text: string) => void,
): void {
  if (app.accountId === undefined) {
    say("error", "There is no account, so there is nothing to reconcile.");
    return;
  }
  say("info", "Reconciling …");
  app.reconcile(signal).then(
    (summary) => {
      const { level, text } = reconcileMessage(summary);
      say(level, text);
    },
    (cause: unknown) => {
      say("error", faultText(cause));
    },
  );
}

export function reconcileMessage({ differences, unresolved, ordersChecked, fillsAdded }: ReconcileSummary): Message {
  const open = differences.filter(({ outcome }) => outcome === "needs-person");
  const [first] = open;
  if (first !== undefined) {
    const all = open.length === 1 ? "" : ` ${open.length} in all: see \`tapedeck reconcile\`.`;
    return { level: "error", text: `NEEDS YOU: ${first.subject}, ${first.kind}: ${first.result}${all}` };
  }
  if (unresolved.length > 0) {
    return {
      level: "warning",
      text: `${unresolved.length} UNKNOWN: the exchange does not tell yet; it is asked again.`,
    };
  }
  const found = differences.length === 0 ? "nothing differed" : `${differences.length} differed and are settled`;
  return { level: "success", text: `Reconciled: ${ordersChecked} open there, ${fillsAdded} new fills, ${found}.` };
}
