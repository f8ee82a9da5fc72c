import type { AccountId } from "../../../core/domain/identifiers.ts";
import { synchronise } from "../../../core/use-cases/synchronise.ts";
import type { SyncRoundParts } from "./sync-round.ts";

/**
 * Lets another machine guard the account, when no process of this one does any more. What was done here is pushed first: who
 * takes over must know of every exit that left. When the remote cannot be reached before that, this machine stays the one.
 *
 * Nobody here acts from the moment it is written down, whether or not the remote ever hears of it.
 */
export async function letGoOfGuarding(
  parts: SyncRoundParts & { readonly accountId: AccountId; readonly isGuardedHere: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { store, remote, accountId, host, isGuardedHere } = parts;
  const { deviceId } = store.facts();
  const held = store.leases().find((lease) => lease.accountId === accountId);
  if (held?.deviceId !== deviceId || held.released || isGuardedHere()) return;
  const { otherDevices } = await synchronise(parts, signal);
  // Where there is no other, letting go would only make the next start wait for the remote.
  if (otherDevices === 0 || isGuardedHere()) return;
  store.keepLease({ ...held, released: true });
  await remote.tellLease({ deviceId, host }, accountId, { term: held.term, released: true }, signal);
}
