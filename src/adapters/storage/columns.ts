import { customType, integer, text } from "drizzle-orm/sqlite-core";
import { formatMoney, parseQuantity } from "../../core/domain/money.ts";
import type { Money, Quantity } from "../../core/domain/money.ts";
import { databaseUnreadable } from "./storage-error.ts";

/** Money as its shortest decimal text: TEXT affinity keeps every digit, where NUMERIC would turn it into a double. */
const moneyText = customType<{ data: bigint; driverData: string }>({
  dataType: () => "text",
  toDriver: (value) => formatMoney(value as Quantity),
  fromDriver: (stored) => {
    const value = parseQuantity(stored);
    if (value === undefined) throw databaseUnreadable(`The database holds ${JSON.stringify(stored)} as money.`);
    return value;
  },
});

/** A whole number up to 60 bits. Reads come back as `number` unless the statement asks for safe integers. */
const wideInteger = customType<{ data: bigint; driverData: bigint | number }>({
  dataType: () => "integer",
  toDriver: (value) => value,
  fromDriver: BigInt,
});

export function money<M extends Money>(name: string) {
  return moneyText(name).$type<M>();
}

/** What the synchronisation needs on every row that leaves this machine. */
export function syncColumns() {
  return {
    /** Hybrid logical clock of the last change; plain text order is causal order. */
    hlc: text("_hlc").notNull(),
    /** 1 marks a deleted row: deletions travel as rows. */
    deleted: integer("_del").notNull().default(0),
    /** 60 bits of the row's canonical hash: see `row-hash.ts`. */
    hash: wideInteger("_h").notNull(),
  };
}
