import type { Ladder, LadderView, Level } from "../../../core/domain/book.ts";
import { createLadder } from "../../../core/domain/book.ts";
import type { Price, Quantity } from "../../../core/domain/money.ts";
import { MONEY_DECIMALS } from "../../../core/domain/money.ts";
import type { Side } from "../../../core/domain/order.ts";
import { readPrice, readQuantity } from "../to-domain/unreadable.ts";
import { DecimalScanner, NOT_PLAIN } from "./decimal-scanner.ts";
import type { DepthChanges, LevelTarget } from "./depth-changes.ts";
import { ScaledSide } from "./scaled-side.ts";

export interface WireLadder extends LadderView {
  /** @throws AppError on a level that cannot be read; those before it stand. */
  apply(changes: DepthChanges): void;
  /** Puts levels as REST writes them. @throws AppError on one that cannot be read; those before it stand. */
  fill(side: Side, rows: readonly (readonly [price: string, quantity: string])[]): void;
  clear(): void;
}

/**
 * A ladder that takes levels as they come off the wire and makes money of them only when somebody looks. Where a number
 * is too long for whole numbers, it goes on as the domain's ladder of bigints until it is cleared.
 */
export function createWireLadder(): WireLadder {
  const bids = new ScaledSide(1);
  const asks = new ScaledSide(-1);
  let wide: Ladder | undefined;

  const sideOf = (side: Side) => (side === "buy" ? bids : asks);

  function setWide(isBid: boolean, price: Price, quantity: Quantity): void {
    if (wide === undefined) {
      wide = createLadder();
      for (const side of ["buy", "sell"] as const)
        for (const level of sideOf(side).top(Infinity)) wide.set(side, level.price, level.quantity);
    }
    wide.set(isBid ? "buy" : "sell", price, quantity);
  }

  const target: LevelTarget = {
    setExact(isBid, priceDigits, priceDecimals, quantityDigits, quantityDecimals) {
      const side = isBid ? bids : asks;
      if (wide === undefined && side.set(priceDigits, priceDecimals, quantityDigits, quantityDecimals)) return;
      setWide(isBid, money(priceDigits, priceDecimals) as Price, money(quantityDigits, quantityDecimals) as Quantity);
    },
    setText(isBid, priceText, quantityText) {
      const price = readPrice(priceText);
      const quantity = readQuantity(quantityText);
      const side = isBid ? bids : asks;
      if (wide === undefined && side.set(...shortest(price), ...shortest(quantity))) return;
      setWide(isBid, price, quantity);
    },
  };

  return {
    apply(changes) {
      changes.applyTo(target);
    },
    fill(side, rows) {
      const isBid = side === "buy";
      const scanner = new DecimalScanner();
      for (const [priceText, quantityText] of rows) {
        const price = scanner.scanText(priceText);
        const priceDecimals = scanner.decimals;
        const quantity = scanner.scanText(quantityText);
        if (price === NOT_PLAIN || quantity === NOT_PLAIN) target.setText(isBid, priceText, quantityText);
        else target.setExact(isBid, price, priceDecimals, quantity, scanner.decimals);
      }
    },
    clear() {
      wide = undefined;
      bids.clear();
      asks.clear();
    },
    top: (side, count): readonly Level[] => wide?.top(side, count) ?? sideOf(side).top(count),
    best: (side) => (wide === undefined ? sideOf(side).top(1)[0] : wide.best(side)),
    depth: (side) => wide?.depth(side) ?? sideOf(side).depth,
  };
}

function money(digits: number, decimals: number): bigint {
  return BigInt(digits) * 10n ** BigInt(MONEY_DECIMALS - decimals);
}

/** The digits of a value without the zeros at its end; inexact when they do not fit, which the side then refuses. */
function shortest(value: bigint): readonly [digits: number, decimals: number] {
  let rest = value;
  let decimals = MONEY_DECIMALS;
  while (decimals > 0 && rest % 10n === 0n) {
    rest /= 10n;
    decimals -= 1;
  }
  return [Number(rest), decimals];
}
