import type { Protection } from "../../core/domain/protection.ts";
import type { SyncRow, SyncValue } from "../../core/domain/sync-table.ts";
import { mergeTransfer } from "../../core/domain/transfer.ts";
import { mergeOrder } from "./order-merge.ts";
import type { RowCodec } from "./row-codec.ts";
import { createRowCodec } from "./row-codec.ts";
import { orderToRow, protectionToRow, rowToOrder, rowToProtection } from "./rows.ts";
import { orders, protections, transfers } from "./schema.ts";
import { rowToTransfer, transferToRow } from "./transfer-store.ts";

type Values = Readonly<Record<string, SyncValue>>;

export interface Joined {
  /** What both rows together prove. */
  readonly values: Values;
  /** Each side changed it without knowing of the other, and one change had to give way. */
  readonly isConflict: boolean;
}

/** What two machines know of one thing, made into one. Whichever of them joins, in whatever order, the outcome is equal. */
export type Join = (earlier: SyncRow, later: SyncRow) => Joined;

export function createJoins(): Readonly<Record<string, Join>> {
  const orderCodec = createRowCodec(orders);
  const protectionCodec = createRowCodec(protections);
  const transferCodec = createRowCodec(transfers);
  return {
    orders(earlier, later) {
      const [old, fresh] = readBoth(orderCodec, earlier, later);
      return {
        values: orderCodec.toValues(orderToRow(fresh, mergeOrder(rowToOrder(old), rowToOrder(fresh)))),
        isConflict: false,
      };
    },
    transfers(earlier, later) {
      const [old, fresh] = readBoth(transferCodec, earlier, later);
      const merged = mergeTransfer(rowToTransfer(old), rowToTransfer(fresh));
      return { values: transferCodec.toValues(transferToRow(fresh, merged)), isConflict: false };
    },
    protections(earlier, later) {
      const [old, fresh] = readBoth(protectionCodec, earlier, later);
      const mine = rowToProtection(old);
      const theirs = rowToProtection(fresh);
      const [winner, loser, row] = isBehind(theirs, mine) ? [mine, theirs, old] : [theirs, mine, fresh];
      // It went on from what the other had: nothing gave way.
      if (winner.version > loser.version) return { values: protectionCodec.toValues(row), isConflict: false };
      // Above both, so that neither machine's next change can be taken for one of the row that gave way.
      const version = loser.version + 1;
      const standing = protectionToRow(row, { ...winner, version }, row.updatedAt);
      return { values: protectionCodec.toValues(standing), isConflict: true };
    },
  };
}

function readBoth<T extends Parameters<typeof createRowCodec>[0]>(
  codec: RowCodec<T>,
  earlier: SyncRow,
  later: SyncRow,
) {
  return [codec.fromValues(earlier.values), codec.fromValues(later.values)] as const;
}

/** An exit that left counts before everything else: a row that knows of fewer must never stand, or it would sell again. */
function isBehind(one: Protection, than: Protection): boolean {
  const byAttempts = attemptsOf(one) - attemptsOf(than);
  if (byAttempts !== 0) return byAttempts < 0;
  return one.version < than.version;
}

function attemptsOf({ legs }: Protection): number {
  return legs.reduce((sum, { attempts }) => sum + attempts.length, 0);
}
