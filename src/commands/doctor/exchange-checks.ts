import type { App } from "../../app/app.ts";
import { AppError } from "../../core/domain/errors.ts";
import type { ExchangeHealth } from "../../core/domain/exchange-health.ts";
import type { Io } from "../io.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";

const UNEASY_OFFSET_MS = 1_000;
const TIMEOUT_MS = 15_000;

/** Whether the exchange answers, and how far the clocks are apart. */
export async function checkExchange(app: App, io: Io, signal: AbortSignal): Promise<readonly Check[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const before = io.now();
  try {
    const offsetMs = await app.marketData.fetchClockOffset(limit);
    const tookMs = io.now() - before;
    return [ok("exchange", `${app.exchange} answers (${tookMs} ms for the time)`), checkClock(offsetMs, app.health())];
  } catch (cause) {
    return [asFailure("exchange", cause)];
  }
}

function checkClock(offsetMs: number, { clock, largestOffsetMs }: ExchangeHealth): Check {
  const size = Math.abs(offsetMs);
  const surely = clock === undefined ? "" : ` (±${Math.ceil(clock.uncertaintyMs)} ms)`;
  const words = `${Math.round(size)} ms${surely} ${offsetMs >= 0 ? "behind" : "ahead of"} the exchange`;
  const next = "Set the clock, for example with `timedatectl set-ntp true`.";
  if (size > largestOffsetMs) return fail("clock", `${words}: no order can leave`, next);
  return size > UNEASY_OFFSET_MS ? warn("clock", words, next) : ok("clock", words);
}

/** What is used of the exchange's limits, and the pause it has asked for. */
export function checkLimits({ use, pause }: ExchangeHealth): Check {
  const { weight, orderActions } = use;
  const words = `weight ${weight.used} of ${weight.most}, orders ${orderActions.used} of ${orderActions.most}`;
  if (pause === undefined) return ok("limits", words);
  const wait = (ms: number) => `${Math.ceil(ms / 1_000)} s`;
  const trading = pause.tradingForMs > 0 ? `orders for ${wait(pause.tradingForMs)} and ` : "";
  return warn(
    "limits",
    `${words}; paused: ${trading}market data for ${wait(pause.forMs)}, because ${pause.why}`,
    "Wait: asking on leads to a ban.",
  );
}

/** How many markets take orders, as far as the exchange and the key let us. */
export async function checkMarkets(app: App, signal: AbortSignal): Promise<Check> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const all = await app.marketData.fetchInstruments(undefined, limit);
    const open = all.filter(({ tradability }) => tradability.kind === "tradable");
    const unread = new Set(
      all
        .flatMap(({ tradability }) => tradability.warnings.filter(({ code }) => code === "LIST_NOT_READ"))
        .map(({ message }) => message),
    );
    const words = `${open.length} of ${all.length} take orders`;
    if (open.length === 0) return fail("markets", words, "See why with `tapedeck market ls`.");
    if (unread.size === 0) return ok("markets", words);
    return warn("markets", `${words}; ${[...unread].join("; ")}`, "Try again in a moment.");
  } catch (cause) {
    return asFailure("markets", cause);
  }
}

/** What the key may do, and should not. */
export async function checkKeyRights(app: App, signal: AbortSignal): Promise<readonly Check[]> {
  // The key of the embedded exchange guards nothing.
  if (app.accountId === undefined || app.demoControls !== undefined) return [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const { findings } = await app.checkKey(limit);
    if (findings.length === 0) return [ok("key rights", "may read and trade, and nothing else")];
    return findings.map(({ level, message, next }) =>
      (level === "unusable" ? fail : warn)("key rights", message, next),
    );
  } catch (cause) {
    return [asFailure("key rights", cause)];
  }
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
