import type { StateRecord } from "../../core/domain/trading-state.ts";
import { isoTime, timeOrNull } from "../output/iso-time.ts";
import type { Printer } from "../output/printer.ts";

const MEANING = {
  active: "orders may leave",
  reducing: "only sales may leave; stops still sell",
  halted: "nothing may leave but cancels; stops do NOT sell",
} as const;

/** Prints the trading state with who set it, when, and by which figures. */
export function printTradingState(print: Printer, { state, by, at, evidence }: StateRecord): void {
  print.record({
    schema: "tapedeck.trading/1",
    json: {
      state: state.kind,
      reason: state.reason ?? null,
      by: by ?? null,
      at: timeOrNull(at),
      evidence: evidence.map(({ what, value, limit, since }) => {
        return { what, value, limit, since: timeOrNull(since) };
      }),
    },
    fields: [
      ["state", `${state.kind}: ${MEANING[state.kind]}`],
      ["reason", state.reason],
      ["set by", by],
      ["since", at === undefined ? undefined : isoTime(at)],
    ],
    below: evidence.map(({ what, value, limit, since }) => {
      return `  ${what}: ${value}, limit ${limit}${since === undefined ? "" : `, counted since ${isoTime(since)}`}`;
    }),
  });
}
