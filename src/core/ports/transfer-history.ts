import type { Timestamp } from "../domain/identifiers.ts";
import type { Transfer, TransferKind } from "../domain/transfer.ts";

/** What the exchange lists of money that came to our account or left it. It reads; nothing here moves money. */
export interface TransferHistory {
  /** How far back the lists of a kind reach, ms. */
  reachMs(kind: TransferKind): number;
  /**
   * Transfers that began within the window, in no order. A row that cannot be read is left out and counted.
   * @param window in the exchange's time; a start beyond the reach is moved up to it.
   * @throws AppError when the exchange gives no usable answer, or the key may not ask.
   */
  fetchTransfers(
    kind: TransferKind,
    window: { readonly since: Timestamp; readonly until: Timestamp },
    signal: AbortSignal,
  ): Promise<readonly Transfer[]>;
}
