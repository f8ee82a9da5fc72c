import type { Quantity } from "../../core/domain/money.ts";
import type { AccountEvent, BalanceReason } from "./account-event.ts";

/** Money that came to an account, left it, or went from one of its wallets to the other. */
export interface WalletMovement {
  readonly id: string;
  readonly account: string;
  readonly asset: string;
  /** Into the spot wallet; negative out of it. */
  readonly amount: Quantity;
  readonly kind: "deposit" | "withdrawal" | "transfer";
  readonly time: number;
}

/** Dust of an asset that became MX. */
export interface Conversion {
  readonly account: string;
  readonly asset: string;
  readonly amount: Quantity;
  readonly mx: Quantity;
  readonly time: number;
}

const KINDS: ReadonlyMap<BalanceReason, WalletMovement["kind"]> = new Map([
  ["DEPOSIT", "deposit"],
  ["WITHDRAW", "withdrawal"],
  ["CONTRACT_TRANSFER", "transfer"],
]);

/** Whether the wallets' histories tell of a change of a balance. */
export function isWalletMovement(reason: BalanceReason): boolean {
  return KINDS.has(reason);
}

/** What the wallets' histories are told from. It is made of the account's events, so a restart knows it too. */
export class WalletJournal {
  readonly #movements: WalletMovement[] = [];

  /** Reads what matters of some events, new ones or stored ones. */
  apply(events: readonly AccountEvent[]): void {
    for (const event of events) {
      if (event.kind !== "balance" || isFutures(event.change.apiKey)) continue;
      const kind = KINDS.get(event.reason);
      if (kind === undefined) continue;
      const { apiKey, asset, freeChange } = event.change;
      const id = `${String(event.time)}${String(this.#movements.length + 1).padStart(6, "0")}`;
      this.#movements.push({ id, account: apiKey, asset, amount: freeChange, kind, time: event.time });
    }
  }

  /** Newest first. */
  of(account: string, kind: WalletMovement["kind"]): readonly WalletMovement[] {
    return this.#movements.filter((one) => one.account === account && one.kind === kind).toReversed();
  }
}

const FUTURES = " FUTURES";

/** The name the ledger has for the futures wallet of an account. */
export function futuresOf(account: string): string {
  return account + FUTURES;
}

export function isFutures(ledgerName: string): boolean {
  return ledgerName.endsWith(FUTURES);
}
