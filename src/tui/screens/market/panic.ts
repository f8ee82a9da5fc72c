import type { App } from "../../../app/app.ts";
import type { PanicReport } from "../../../app/safety.ts";
import { cancelProgressText } from "../../../core/domain/cancel-progress.ts";
import type { Message } from "./messages.ts";
import { faultText } from "./messages.ts";

/** An order whose request got lost can be called absent only after 16 s. */
const TIMEOUT_MS = 45_000;

/** Halts and cancels everything, and says how far it has come and what remains. Goes on whatever the screen shows. */
export function sendPanic(
  app: Pick<App, "safety">,
  signal: AbortSignal,
  say: (level: Message["level"], text: string) => void,
): void {
  say("warning", "Halting, and cancelling every open order …");
  const options = { reason: "panic at the screen", timeoutMs: TIMEOUT_MS };
  app.safety
    .panic(options, signal, (progress) => {
      say("warning", `Halted. ${cancelProgressText(progress)}; going on …`);
    })
    .then(
      (report) => {
        const { level, text } = panicMessage(report);
        say(level, text);
      },
      (fault: unknown) => {
        say("error", faultText(fault));
      },
    );
}

/** What a panic has proven, in words. */
export function panicMessage(report: PanicReport): Message {
  const { ended, stillOpen, unproven, unread, haltNotWritten, protections } = report;
  if (haltNotWritten !== undefined) {
    return { level: "error", text: `Halted here ONLY: ${haltNotWritten.message} End the other processes by hand.` };
  }
  if (stillOpen.length > 0) {
    return {
      level: "error",
      text: `Halted, but ${count(stillOpen.length)} may still trade. Press ! again: it is safe.`,
    };
  }
  if (unproven.length > 0 || unread !== undefined) {
    const what =
      unproven.length > 0
        ? `${count(unproven.length)} of UNKNOWN outcome ${unproven.length === 1 ? "remains" : "remain"}`
        : "the exchange's list was not read";
    return { level: "error", text: `Halted, but ${what}. Press ! again: it is safe.` };
  }
  const stops = protections.length === 0 ? "" : ` What is protected does NOT sell meanwhile (${protections.length}).`;
  return {
    level: "success",
    text: `Halted; no order is open, ${ended.length} ended.${stops} \`tapedeck trading resume REASON\` goes on.`,
  };
}

function count(orders: number): string {
  return orders === 1 ? "1 order" : `${orders} orders`;
}
