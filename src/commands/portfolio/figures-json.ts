import type { ExplainedFill } from "../../app/portfolio-books.ts";
import type { Asset } from "../../core/domain/identifiers.ts";
import type { Money, Quantity } from "../../core/domain/money.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { isoTime } from "../output/iso-time.ts";
import type { Column } from "../output/table.ts";

/** Amounts by asset, as scripts read them. */
export function amountsJson(amounts: ReadonlyMap<Asset, Quantity>) {
  return [...amounts].map(([asset, quantity]) => ({ asset: nameOf(asset), quantity: formatMoney(quantity) }));
}

/** "1.5 MX and 0.2 ETH" */
export function amountsText(amounts: ReadonlyMap<Asset, Quantity>): string {
  return [...amounts].map(([asset, quantity]) => `${formatMoney(quantity)} ${nameOf(asset)}`).join(" and ");
}

/** A figure with what it leaves out: "12.3 without 1.5 MX". */
export function withWithout(figure: string, without: ReadonlyMap<Asset, Quantity>): string {
  return without.size === 0 ? figure : `${figure} without ${amountsText(without)}`;
}

/** The exchange may leave out what a fee was paid in. */
function nameOf(asset: Asset): string {
  return asset === "" ? "an unnamed asset" : asset;
}

/** "+12.5", a gain or a loss for people. */
export function signed(value: Money): string {
  return `${value > 0n ? "+" : ""}${formatMoney(value)}`;
}

export function explainedFillJson({ fill, closing, held, trip }: ExplainedFill) {
  return {
    tradeId: fill.tradeId,
    time: isoTime(fill.at),
    symbol: fill.symbol,
    side: fill.side,
    quantity: formatMoney(fill.quantity),
    notional: formatMoney(fill.notional),
    fee: formatMoney(fill.fee.quantity),
    feeAsset: fill.fee.asset,
    held: formatMoney(held),
    roundTrip: trip ?? null,
    realised: closing === undefined ? null : formatMoney(closing.realised),
    uncovered: closing === undefined ? null : formatMoney(closing.uncovered),
    closed: (closing?.from ?? []).map((lot) => ({
      tradeId: lot.tradeId,
      quantity: formatMoney(lot.quantity),
      cost: formatMoney(lot.cost),
    })),
  };
}

export const EXPLAINED_FILL_COLUMNS: readonly Column<ExplainedFill>[] = [
  { title: "TIME", value: ({ fill }) => isoTime(fill.at) },
  { title: "SYMBOL", value: ({ fill }) => fill.symbol, optional: 3 },
  { title: "FILL", value: ({ fill }) => fill.tradeId, optional: 2 },
  { title: "SIDE", value: ({ fill }) => fill.side },
  { title: "QUANTITY", value: ({ fill }) => formatMoney(fill.quantity), align: "right" },
  { title: "NOTIONAL", value: ({ fill }) => formatMoney(fill.notional), align: "right" },
  { title: "FEE", value: ({ fill: { fee } }) => `${formatMoney(fee.quantity)} ${nameOf(fee.asset)}`, align: "right" },
  { title: "HELD", value: ({ held }) => formatMoney(held), align: "right" },
  { title: "REALISED", value: realisedText, align: "right" },
  { title: "TRIP", value: ({ trip }) => (trip === undefined ? "" : String(trip)), align: "right", optional: 5 },
  {
    title: "CLOSED",
    value: ({ closing }) =>
      closing?.from.map((lot) => `${formatMoney(lot.quantity)} of ${lot.tradeId}`).join(", ") ?? "",
    optional: 4,
  },
];

function realisedText({ closing }: ExplainedFill): string {
  if (closing === undefined) return "";
  const figure = signed(closing.realised);
  return closing.uncovered === 0n ? figure : `${figure}, ${formatMoney(closing.uncovered)} of unknown cost`;
}
