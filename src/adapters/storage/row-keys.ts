import type { AccountId, ClientOrderId } from "../../core/domain/identifiers.ts";
import type { Fill } from "../../core/domain/fill.ts";
import type { Transfer } from "../../core/domain/transfer.ts";

/** Keys are the same on every machine that sees the same fact; a part that holds the separator cannot forge another. */
function joinKey(...parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll("%", "%25").replaceAll(":", "%3A")).join(":");
}

/** `account:clientOrderId`; the account id keeps its own colon, since only the last one separates. */
export function orderKey(account: AccountId, id: ClientOrderId): string {
  return `${account}:${joinKey(id)}`;
}

/** `account:symbol:tradeId` */
export function fillKey(account: AccountId, fill: Pick<Fill, "symbol" | "tradeId">): string {
  return `${account}:${joinKey(fill.symbol, fill.tradeId)}`;
}

/** `account:protectionId` */
export function protectionKey(account: AccountId, protectionId: string): string {
  return `${account}:${joinKey(protectionId)}`;
}

/** `account:kind:asset:transferId` */
export function transferKey(account: AccountId, transfer: Pick<Transfer, "kind" | "asset" | "transferId">): string {
  return `${account}:${joinKey(transfer.kind, transfer.asset, transfer.transferId)}`;
}

/** `account:stretch`, the stretch of time a sample stands for. */
export function equityKey(account: AccountId, stretch: number): string {
  return `${account}:${joinKey(String(stretch))}`;
}

/** `account:device:sequence`, in twelve digits: one device's rows of one account stand together, in their order. */
export function journalKey(account: AccountId, device: string, sequence: number): string {
  return `${account}:${device}:${String(sequence).padStart(12, "0")}`;
}

/** Between which two texts the keys of one journal lie. */
export function journalKeys(account: AccountId, device: string): { readonly after: string; readonly before: string } {
  // A semicolon is what follows the colon.
  return { after: `${account}:${device}:`, before: `${account}:${device};` };
}
