import { z } from "zod";
import { clockLead, wasClockMoved } from "../../../core/domain/clock-lead.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { RestResult } from "./rest-result.ts";

/** The exchange's clock against ours. */
export interface ClockOffset {
  /** The exchange's minus ours, ms. */
  readonly offsetMs: number;
  /** The truth lies this far around it at most: half the way there and back. */
  readonly uncertaintyMs: number;
  /** When it was measured, on the monotonic clock. */
  readonly measuredAt: number;
  /** The wall clock's lead over the monotonic one then. */
  readonly leadMs: number;
}

const SAMPLES = 3;
/** Clocks drift by seconds a day, so this keeps us well inside the exchange's window. */
const KEEPS_FOR_MS = 30 * 60_000;

export const serverTimeSchema = z.object({ serverTime: z.int().min(1) });

/**
 * Measures by the median of several questions, so that one slow answer moves nothing.
 * @param ask sends one question for the time and tells when it left; what is no answer ends the measuring
 */
export async function measureOffset(
  clock: Clock,
  ask: () => Promise<{ readonly result: RestResult; readonly sentAt: number }>,
): Promise<{ readonly result: RestResult; readonly offset?: ClockOffset }> {
  const samples: { readonly offsetMs: number; readonly uncertaintyMs: number }[] = [];
  let result: RestResult = { kind: "unclear", why: "the time was not asked" };
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const asked = await ask();
    const now = clock.now();
    result = asked.result;
    if (result.kind !== "ok") return { result };
    const told = serverTimeSchema.safeParse(result.body);
    if (!told.success) return { result: { kind: "unclear", why: "the exchange did not tell its time" } };
    const halfWayMs = (now - asked.sentAt) / 2;
    samples.push({ offsetMs: told.data.serverTime - asked.sentAt - halfWayMs, uncertaintyMs: Math.abs(halfWayMs) });
  }
  samples.sort((left, right) => left.offsetMs - right.offsetMs);
  const median = samples[Math.floor(samples.length / 2)] ?? { offsetMs: 0, uncertaintyMs: 0 };
  return {
    result,
    offset: { ...median, measuredAt: clock.monotonic(), leadMs: clockLead(clock.now(), clock.monotonic()) },
  };
}

/** Whether a measurement still says something: not too old, and nobody has moved our clock since. */
export function holds(offset: ClockOffset, clock: Clock): boolean {
  return (
    ageOf(offset, clock) < KEEPS_FOR_MS && !wasClockMoved(offset.leadMs, clockLead(clock.now(), clock.monotonic()))
  );
}

export function ageOf(offset: ClockOffset, clock: Clock): number {
  return clock.monotonic() - offset.measuredAt;
}
