import type { ExchangeHealth } from "../../../core/domain/exchange-health.ts";
import { MISSING } from "../../format/figures.ts";

/** Beyond this the clocks are told to be apart. */
const UNEASY_OFFSET_MS = 1_000;

/** Something about the connection, in words; `trouble` is told even where it has to cover something. */
export interface ConnectionWords {
  readonly text: string;
  readonly trouble: boolean;
}

/** The pause that the exchange has asked for, counting down; undefined when there is none. */
export function pauseWords({ pause }: ExchangeHealth): ConnectionWords | undefined {
  if (pause === undefined) return undefined;
  const text =
    pause.tradingForMs > 0
      ? `EXCHANGE PAUSED US: orders ${seconds(pause.tradingForMs)}, data ${seconds(pause.forMs)}`
      : `exchange paused market data ${seconds(pause.forMs)}`;
  return { text, trouble: true };
}

/** How far this machine's clock is off. */
export function clockWords({ clock, largestOffsetMs }: ExchangeHealth): ConnectionWords & {
  readonly stopsOrders: boolean;
} {
  if (clock === undefined) return { text: `clock ${MISSING}`, trouble: false, stopsOrders: false };
  const { offsetMs } = clock;
  const size = Math.abs(offsetMs);
  if (size <= UNEASY_OFFSET_MS) {
    return { text: `clock ${Math.round(offsetMs)}ms`, trouble: false, stopsOrders: false };
  }
  const apart = `${(size / 1_000).toFixed(1)}s ${offsetMs > 0 ? "behind" : "ahead"}`;
  return size > largestOffsetMs
    ? { text: `CLOCK ${apart}: NO ORDER CAN LEAVE`, trouble: true, stopsOrders: true }
    : { text: `clock ${apart}`, trouble: true, stopsOrders: false };
}

/** Rounded up: who comes back after it has waited long enough. */
function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)}s`;
}
