import { formatMoney } from "../../../src/core/domain/money.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import { isOpen } from "../../../src/simulator/engine/order.ts";
import type { ProtectionRecord, ProtectionStep } from "../world/protection-record.ts";
import { SYMBOL } from "../world/trader.ts";
import { accountOf } from "../world/troubles.ts";
import type { World } from "../world/world.ts";

/** How many exits were written, and by how many guardians. */
export interface ExitWatch {
  readonly exits: number;
  /** Orders that left as exits of protections. */
  readonly ids: ReadonlySet<string>;
}

/**
 * By the exchange's own books: one exit of a protection at a time, never more sold than it covers, nothing after its end,
 * and each of them by the process that the lease names.
 */
export function watchExits(world: World, record: ProtectionRecord): ExitWatch {
  const { exchange } = world.exchange.venue;
  const account = accountOf(world.exchange);
  const ids = new Set<string>();
  const find = (id: string) => exchange.orders.find(account, SYMBOL, undefined, id);
  const executed = (id: string) => find(id)?.executedQuantity ?? 0n;

  function covered({ coverage }: Protection): bigint | undefined {
    if (coverage.kind === "quantity") return coverage.quantity;
    // Of what is held the exchange sells no more than is there.
    if (coverage.kind === "holding") return undefined;
    let bought = 0n;
    for (const fill of exchange.orders.fills(account)) {
      if (fill.clientOrderId !== coverage.clientOrderId) continue;
      bought += fill.quantity - (fill.feeAsset === "BTC" ? fill.fee : 0n);
    }
    return bought;
  }

  function sold(protection: Protection): bigint {
    const exits = protection.legs.flatMap((leg) => leg.attempts.map(({ exitOrderId }) => exitOrderId));
    const all = protection.linkedOrderId === undefined ? exits : [...exits, protection.linkedOrderId];
    return all.reduce((sum, id) => sum + executed(id), 0n);
  }

  /** Protections, and legs of them, that were told to have ended. Told here, so as to believe no transition of the product. */
  const ended = new Set<string>();
  const targets = new Map<string, bigint>();

  record.onStep(({ writer, event, protection, leg }: ProtectionStep) => {
    if (event.type === "protection-ended" || event.type === "protection-disarmed") ended.add(event.protectionId);
    if (event.type === "leg-ended") ended.add(`${event.protectionId} ${event.legId}`);
    if (event.type !== "exit-attempted") return;
    ids.add(event.exitOrderId);
    const name = `${writer.process} sells ${formatMoney(event.quantity)} for ${event.legId} of ${event.protectionId}`;
    if (world.disk.guardHolder() !== writer.holder) {
      world.violate("one-guardian-acts", `${name}, and the lease names another`);
    }
    const key = `${event.protectionId} ${event.legId}`;
    if (ended.has(event.protectionId) || ended.has(key))
      world.violate("one-exit-at-a-time", `${name}, which has ended`);
    if (leg?.rule.kind === "take-profit") {
      const target = targets.get(key) ?? event.target;
      targets.set(key, target);
      const before = leg.attempts.reduce((sum, { exitOrderId }) => sum + executed(exitOrderId), 0n);
      if (before + event.quantity > target) world.violate("exits-within-cover", `${name}, more than its share`);
    }
    for (const { exitOrderId } of protection.legs.flatMap(({ attempts }) => attempts)) {
      const theirs = find(exitOrderId);
      if (theirs !== undefined && isOpen(theirs.status)) {
        world.violate("one-exit-at-a-time", `${name} while ${exitOrderId} is ${theirs.status}`);
      }
    }
    const most = covered(protection);
    if (most !== undefined && sold(protection) + event.quantity > most) {
      const what = `${formatMoney(sold(protection) as never)} of ${formatMoney(most as never)} is sold`;
      world.violate("exits-within-cover", `${name} when ${what}`);
    }
  });
  return {
    ids,
    get exits() {
      return ids.size;
    },
  };
}
