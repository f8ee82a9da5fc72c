import type { App } from "../../app/app.ts";
import type { CommandContext } from "../define-command.ts";

/** Until a market is watched its trades are asked for, and its stream is opened; more than this is trouble, ms. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 100;

/**
 * Waits until this process guards all that is armed, or stands by for one that does, as every other process reads it from
 * the disk. @returns what is still missing, in words; empty when nothing is.
 */
export async function waitUntilGuarding(
  app: App,
  { io, signal }: Pick<CommandContext, "io" | "signal">,
): Promise<readonly string[]> {
  const giveUpAt = io.now() + PATIENCE_MS;
  for (;;) {
    const { missing, isFinal } = whatIsMissing(app);
    if (missing.length === 0 || isFinal || signal.aborted || io.now() > giveUpAt) return missing;
    try {
      await io.sleep(LOOK_EVERY_MS, signal);
    } catch {
      return missing;
    }
  }
}

/** `isFinal`: waiting changes nothing soon. */
function whatIsMissing(app: App): { readonly missing: readonly string[]; readonly isFinal: boolean } {
  const { isAlive, lease, elsewhere, concerns, protections } = app.guarding.status();
  if (elsewhere !== undefined) return { missing: [], isFinal: true };
  if (!app.guarding.isHolder) {
    return { missing: isAlive ? [] : ["Nobody holds the lease yet."], isFinal: false };
  }
  // With nothing armed there is nothing that could not be sold.
  const lock = protections.length === 0 ? undefined : app.store.getState().trading.lock;
  const unwatched = concerns.filter(({ kind }) => kind === "not-watched").map(({ what }) => what);
  const watches = Object.values(lease?.markets ?? {});
  const isRefused = watches.some(({ state }) => state === "refused") && watches.every(({ state }) => isSettled(state));
  return { missing: [...(lock === undefined ? [] : [`The account is ${lock}.`]), ...unwatched], isFinal: isRefused };
}

function isSettled(state: string): boolean {
  return state === "watching" || state === "refused";
}
