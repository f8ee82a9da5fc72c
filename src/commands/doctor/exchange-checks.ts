import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { Io } from "../io.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";

const UNEASY_OFFSET_MS = 1_000;
/** Beyond the receive window every signed request is refused. */
const FATAL_OFFSET_MS = 5_000;
const TIMEOUT_MS = 15_000;

/** Whether the exchange answers, and how far the clocks are apart. */
export async function checkExchange(app: App, io: Io, signal: AbortSignal): Promise<readonly Check[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const before = io.now();
  try {
    const offsetMs = await app.marketData.fetchClockOffset(limit);
    const tookMs = io.now() - before;
    return [ok("exchange", `${app.exchange} answers (${tookMs} ms for the time)`), checkClock(offsetMs)];
  } catch (cause) {
    return [asFailure("exchange", cause)];
  }
}

function checkClock(offsetMs: number): Check {
  const size = Math.abs(offsetMs);
  const words = `${Math.round(size)} ms ${offsetMs >= 0 ? "behind" : "ahead of"} the exchange`;
  const next = "Set the clock, for example with `timedatectl set-ntp true`.";
  if (size > FATAL_OFFSET_MS) return fail("clock", `${words}: every order would be refused`, next);
  return size > UNEASY_OFFSET_MS ? warn("clock", words, next) : ok("clock", words);
}

/** Whether the account answers and agrees with what is stored. */
export async function checkAccount(app: App, signal: AbortSignal): Promise<Check> {
  if (app.accountId === undefined) return warn("account", "none", "Orders need keys; `tapedeck demo` brings its own.");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const { unresolved, ordersChecked } = await app.reconcile(limit);
    const words = `${app.accountId} reconciled, ${ordersChecked} open at the exchange`;
    return unresolved.length === 0
      ? ok("account", words)
      : warn("account", `${words}, ${unresolved.length} of unknown outcome`, "See `tapedeck order ls`.");
  } catch (cause) {
    return asFailure("account", cause);
  }
}

function asFailure(name: string, cause: unknown): Check {
  if (!(cause instanceof AppError)) throw cause;
  return fail(name, `${cause.message} (${cause.code})`, cause.hint ?? "Try again in a moment.");
}
