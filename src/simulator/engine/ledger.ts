import type { Quantity } from "../../core/domain/money.ts";
import { ZERO_QUANTITY } from "../../core/domain/money.ts";

export interface AssetBalance {
  readonly free: Quantity;
  readonly locked: Quantity;
}

/** Where a balance stands after a change, and by how much each part moved. */
export interface BalanceChange {
  readonly apiKey: string;
  readonly asset: string;
  readonly free: Quantity;
  readonly locked: Quantity;
  readonly freeChange: Quantity;
  readonly lockedChange: Quantity;
}

const NOTHING: AssetBalance = { free: ZERO_QUANTITY, locked: ZERO_QUANTITY };

/** Balances of the accounts, and what the house (makers, takers, fees) gave and got, so that every unit is accounted for. */
export class Ledger {
  readonly #accounts = new Map<string, Map<string, AssetBalance>>();
  readonly #house = new Map<string, bigint>();

  open(apiKey: string): void {
    if (!this.#accounts.has(apiKey)) this.#accounts.set(apiKey, new Map());
  }

  has(apiKey: string): boolean {
    return this.#accounts.has(apiKey);
  }

  accounts(): ReadonlyMap<string, ReadonlyMap<string, AssetBalance>> {
    return this.#accounts;
  }

  balance(apiKey: string, asset: string): AssetBalance {
    return this.#accounts.get(apiKey)?.get(asset) ?? NOTHING;
  }

  /** Net amount the house holds of an asset; negative where it paid out more than it took in. */
  houseNet(asset: string): bigint {
    return this.#house.get(asset) ?? 0n;
  }

  /** Moves both parts of a balance at once. @throws Error when a part would fall below zero: a bug of the engine. */
  change(apiKey: string, asset: string, freeChange: bigint, lockedChange: bigint): BalanceChange {
    const before = this.balance(apiKey, asset);
    const after = {
      free: (before.free + freeChange) as Quantity,
      locked: (before.locked + lockedChange) as Quantity,
    };
    if (after.free < 0n || after.locked < 0n) throw new Error(`the ${asset} balance of ${apiKey} would be negative`);
    this.set(apiKey, asset, after);
    return {
      apiKey,
      asset,
      ...after,
      freeChange: freeChange as Quantity,
      lockedChange: lockedChange as Quantity,
    };
  }

  /** Puts a balance where a stored one stood. */
  set(apiKey: string, asset: string, balance: AssetBalance): void {
    this.open(apiKey);
    this.#accounts.get(apiKey)?.set(asset, balance);
  }

  creditHouse(asset: string, amount: bigint): void {
    this.#house.set(asset, this.houseNet(asset) + amount);
  }
}
