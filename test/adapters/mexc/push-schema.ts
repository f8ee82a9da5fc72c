import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import type { DepthsBody } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { decodePush } from "../../../src/adapters/mexc/ws/decode-push.ts";
import type { DepthChanges } from "../../../src/adapters/mexc/ws/depth-changes.ts";
import { formatMoney, MONEY_DECIMALS, parsePrice } from "../../../src/core/domain/money.ts";
import type { Price } from "../../../src/core/domain/money.ts";

const schema = readFileSync(join(import.meta.dirname, "../../fixtures/mexc/push.proto"), "utf8");
export const Wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType("PushDataV3ApiWrapper");

/** A frame as the reference library writes it. */
export function encodePush(message: object): Uint8Array {
  return Wrapper.encode(Wrapper.fromObject(message)).finish();
}

export interface LevelTexts {
  readonly price: string;
  readonly quantity: string;
}

/** The levels of a push as texts: numbers in their shortest form, and as it stands what is no number. */
export function readLevels(changes: DepthChanges): {
  readonly asks: readonly LevelTexts[];
  readonly bids: readonly LevelTexts[];
} {
  const asks: LevelTexts[] = [];
  const bids: LevelTexts[] = [];
  const exact = (digits: number, decimals: number) =>
    formatMoney((BigInt(digits) * 10n ** BigInt(MONEY_DECIMALS - decimals)) as Price);
  changes.applyTo({
    setExact: (isBid, priceDigits, priceDecimals, quantityDigits, quantityDecimals) =>
      (isBid ? bids : asks).push({
        price: exact(priceDigits, priceDecimals),
        quantity: exact(quantityDigits, quantityDecimals),
      }),
    setText: (isBid, price, quantity) =>
      (isBid ? bids : asks).push({ price: shortest(price), quantity: shortest(quantity) }),
  });
  return { asks, bids };
}

/** A number in its shortest form; anything else as it stands. */
export function shortest(decimal: string | bigint): string {
  if (typeof decimal === "bigint") return formatMoney(decimal as Price);
  const value = parsePrice(decimal);
  return value === undefined ? decimal : formatMoney(value);
}

/** An incremental push as it comes out of the decoder. */
export function depthsOf(body: {
  readonly bids?: readonly LevelTexts[];
  readonly asks?: readonly LevelTexts[];
  readonly fromVersion: number;
  readonly toVersion: number;
}): DepthsBody {
  const { fromVersion, toVersion, ...levels } = body;
  const versions = { fromVersion: String(fromVersion), toVersion: String(toVersion) };
  const push = decodePush(encodePush({ publicAggreDepths: { ...levels, ...versions } }));
  if (push.body.kind !== "depths") throw new Error(`decoded as ${push.body.kind}`);
  return push.body;
}
