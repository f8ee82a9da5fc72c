import { AppError } from "../domain/errors.ts";
import type { Asset, Timestamp } from "../domain/identifiers.ts";
import type { StoredTransfer, Transfer, TransferKind } from "../domain/transfer.ts";
import type { Valuer } from "../domain/valuation.ts";
import type { TransferStore } from "../ports/portfolio-stores.ts";
import type { TransferHistory } from "../ports/transfer-history.ts";

export const TRANSFER_KINDS: readonly TransferKind[] = ["deposit", "withdrawal", "futures"];

const DAY_MS = 24 * 3_600_000;
/** Asked again before the moment until which a list was read: a transfer shows up with the time of its beginning. */
const OVERLAP_MS = 6 * DAY_MS;
/** How far back the first look goes; what came before it matters to nobody's balances. */
const FIRST_LOOK_MS = 21 * DAY_MS;
/** What came to light later than this after it happened has a worth nobody saw. */
const PRICED_WITHIN_MS = 3_600_000;

/** How well a kind of transfers is known. */
export interface TransferReading {
  readonly kind: TransferKind;
  /** Until when the list has been read; undefined when it never was. */
  readonly readUntil: Timestamp | undefined;
  /** Why it could not be read just now. */
  readonly fault: AppError | undefined;
  /** A time that nobody read and the exchange no longer lists. */
  readonly hole: { readonly from: Timestamp; readonly to: Timestamp } | undefined;
}

export interface PullTransfersParts {
  readonly history: TransferHistory;
  readonly store: TransferStore;
  /** Until when a kind was read; kept from run to run. */
  readonly readUntil: {
    of(kind: TransferKind): Timestamp | undefined;
    note(kind: TransferKind, at: Timestamp): void;
  };
  readonly valuer: Valuer;
  readonly quote: Asset;
  /** The exchange's time. */
  readonly now: Timestamp;
}

/**
 * Brings in what the exchange lists of deposits, withdrawals and transfers to and from futures. A list that cannot be
 * read leaves the others standing: a key may be allowed to see one and not another.
 * @throws AppError STORAGE_FAILED; whatever the exchange does is in the readings.
 */
export async function pullTransfers(
  parts: PullTransfersParts,
  signal: AbortSignal,
): Promise<readonly TransferReading[]> {
  const readings: TransferReading[] = [];
  for (const kind of TRANSFER_KINDS) readings.push(await pullKind(parts, kind, signal));
  return readings;
}

async function pullKind(parts: PullTransfersParts, kind: TransferKind, signal: AbortSignal): Promise<TransferReading> {
  const { history, store, readUntil, now } = parts;
  const before = readUntil.of(kind);
  const earliest = now - history.reachMs(kind);
  const known = store.list({}).filter((transfer) => transfer.kind === kind);
  const pendingSince = known.filter(({ state }) => state === "pending").map(({ at }) => at);
  const wanted = Math.min(before === undefined ? now - FIRST_LOOK_MS : before - OVERLAP_MS, ...pendingSince);
  let listed: readonly Transfer[];
  try {
    // A little beyond now, because the exchange's clock is only known to a fraction of a second.
    const window = { since: Math.max(wanted, earliest), until: now + 1_000 };
    listed = await history.fetchTransfers(kind, window, signal);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { kind, readUntil: before, fault: cause, hole: undefined };
  }
  const ids = new Set(known.map(keyOf));
  store.save(listed.map((transfer) => toStored(parts, transfer, !ids.has(keyOf(transfer)))));
  readUntil.note(kind, now);
  const hole = before !== undefined && before < earliest ? { from: before, to: earliest } : undefined;
  return { kind, readUntil: now, fault: undefined, hole };
}

function keyOf({ asset, transferId }: Transfer): string {
  return `${asset} ${transferId}`;
}

function toStored({ valuer, quote, now }: PullTransfersParts, transfer: Transfer, isNew: boolean): StoredTransfer {
  const isFresh = isNew && now - transfer.at <= PRICED_WITHIN_MS;
  const worth = isFresh ? valuer.worth(transfer.asset, transfer.quantity, quote) : undefined;
  return {
    ...transfer,
    pendingUntil: transfer.state === "pending" ? now : undefined,
    worth: worth?.kind === "known" ? { value: worth.value, quote } : undefined,
  };
}
