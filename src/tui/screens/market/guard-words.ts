import type { App } from "../../../app/app.ts";
import type { GuardStatus } from "../../../core/domain/guard-status.ts";
import { heartbeatAge } from "../../../core/domain/guard-lease.ts";
import { formatAge } from "../../format/figures.ts";

/** Who holds the lease at this moment, in the words that stand on the screen all the time. */
export function guardWords(
  { lease, isAlive }: Pick<GuardStatus, "lease" | "isAlive">,
  isHolder: boolean,
  now: number,
): string {
  if (lease === undefined || !isAlive) return "guard: nobody";
  if (isHolder) return `guard: here (pid ${lease.pid})`;
  return `guard: pid ${lease.pid}, ${formatAge(heartbeatAge(lease, now))}`;
}

/** Who guards what is armed, and since when nothing was heard: what a trader wants to know before leaving. */
export function guardStory(app: Pick<App, "accountId" | "guarding" | "now">): string {
  if (app.accountId === undefined) return "There is no account, so there is nothing to guard.";
  const status = app.guarding.status();
  const armed = status.protections.length === 1 ? "1 protection" : `${status.protections.length} protections`;
  const concerns = status.concerns.map(({ what }) => what).join(" ");
  return `${guardWords(status, app.guarding.isHolder, app.now())}; ${armed} armed. ${concerns}`.trim();
}

/** What becomes of the protections when this console ends without asking: it is not the one that guards them. */
export function guardLeft(app: Pick<App, "accountId" | "guarding" | "now">): string {
  if (app.accountId === undefined) return "Nothing here is protected by a stop.";
  const { lease, isAlive, protections } = app.guarding.status();
  if (protections.length === 0) return "Nothing here is protected by a stop.";
  const armed = protections.length === 1 ? "1 protection" : `${protections.length} protections`;
  if (lease === undefined || !isAlive) return `Nobody guards: ${armed} armed, and nothing of it sells.`;
  const heard = formatAge(heartbeatAge(lease, app.now()));
  return `Process ${lease.pid} guards ${armed} and goes on; last heard ${heard} ago.`;
}
