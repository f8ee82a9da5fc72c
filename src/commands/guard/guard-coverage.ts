import type { App } from "../../app/app.ts";
import type { ClientOrderId } from "../../core/domain/identifiers.ts";
import type { Quantity } from "../../core/domain/money.ts";
import { add, formatMoney, less, ZERO_QUANTITY } from "../../core/domain/money.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { executedQuantity } from "../../core/domain/order-execution.ts";
import type { Protection } from "../../core/domain/protection.ts";
import { exitsOf } from "../../core/domain/protection.ts";
import { amountOrNull } from "../output/amounts.ts";
import type { Column } from "../output/table.ts";

/** How much a protection stands for, beside what there is, from what is stored: nobody is asked. */
export interface StoredCoverage {
  readonly protection: Protection;
  /** In all, what was sold since included; undefined where it follows what is held. An entry: what it has filled. */
  readonly covers: Quantity | undefined;
  readonly sold: Quantity;
  readonly left: Quantity | undefined;
  /** By the stored fills; undefined where none of the market is. */
  readonly position: Quantity | undefined;
  /** Free and locked; undefined while the account has not been read by this process. */
  readonly held: Quantity | undefined;
  /** Undefined where nobody knows how the market's name falls into two. */
  readonly base: string | undefined;
}

export function storedCoverage(app: App, protection: Protection): StoredCoverage {
  const { coverage, linkedOrderId, symbol } = protection;
  const report = app.portfolio.position(symbol, app.portfolio.usualMethod);
  const executed = (id: ClientOrderId | undefined) =>
    executedQuantity(
      id === undefined
        ? undefined
        : (app.store.getState().trading.orders.get(id) ?? app.stored?.orders.find({ clientOrderId: id })),
    );
  const exits = exitsOf(protection).map(executed);
  const sold = exits.reduce(
    (sum, one) => add(sum, one),
    linkedOrderId === undefined ? ZERO_QUANTITY : executed(linkedOrderId),
  );
  const held = report?.balance === undefined ? undefined : totalOf(report.balance);
  const covers =
    coverage.kind === "quantity"
      ? coverage.quantity
      : coverage.kind === "entry"
        ? executed(coverage.clientOrderId)
        : held === undefined
          ? undefined
          : add(held, sold);
  return {
    protection,
    covers,
    sold,
    left: covers === undefined ? undefined : less(covers, sold),
    position: report?.position.quantity,
    held,
    base: report?.position.base,
  };
}

export function storedCoverageJson({ covers, sold, left, position, held }: StoredCoverage): object {
  return {
    quantity: amountOrNull(covers),
    sold: formatMoney(sold),
    left: amountOrNull(left),
    position: amountOrNull(position),
    held: amountOrNull(held),
  };
}

const KIND_WORDS = {
  quantity: "",
  holding: "whatever is held",
  entry: "as its entry fills",
} as const satisfies Record<Protection["coverage"]["kind"], string>;

export const COVERAGE_COLUMNS: readonly Column<StoredCoverage>[] = [
  { title: "PROTECTION", value: ({ protection }) => protection.protectionId },
  { title: "MARKET", value: ({ protection }) => protection.symbol },
  {
    title: "COVERS",
    value: ({ left, base, protection }) => {
      const kind = KIND_WORDS[protection.coverage.kind];
      if (left === undefined) return kind;
      const amount = `${formatMoney(left)}${base === undefined ? "" : ` ${base}`}`;
      return kind === "" ? amount : `${amount}, ${kind}`;
    },
  },
  {
    title: "OF POSITION",
    value: ({ position }) => (position === undefined ? undefined : formatMoney(position)),
    align: "right",
  },
  { title: "SOLD", value: ({ sold }) => formatMoney(sold), align: "right" },
];
