import type { App } from "../../app/app.ts";
import type { PositionReport } from "../../app/portfolio-books.ts";
import { totalOf } from "../../core/domain/balance.ts";
import { formatMoney } from "../../core/domain/money.ts";
import { amountOrNull } from "../output/amounts.ts";
import type { Column } from "../output/table.ts";
import { amountsJson, signed, withWithout } from "../portfolio/figures-json.ts";
import { methodName } from "../portfolio/read-books.ts";
import { timeOrNull } from "../output/iso-time.ts";
import { protectionJson } from "./protection-json.ts";

/** A position as scripts read it. Money is decimal text in the market's quote, what is not known is null. */
export function positionJson(
  app: Pick<App, "now" | "protections">,
  { position, price, value, balance, protection }: PositionReport,
) {
  return {
    symbol: position.symbol,
    base: position.base,
    quote: position.quote,
    method: methodName(position.method),
    quantity: formatMoney(position.quantity),
    balance: balance === undefined ? null : formatMoney(totalOf(balance)),
    cost: formatMoney(position.cost),
    averageCost: amountOrNull(position.averageCost),
    price: amountOrNull(price?.price),
    priceAgeMs: price === undefined ? null : Math.max(0, app.now() - price.at),
    value: amountOrNull(value.value),
    unrealised: amountOrNull(value.unrealised),
    realised: formatMoney(value.realised),
    withoutFees: amountsJson(value.without),
    uncovered: formatMoney(position.uncovered),
    uncoveredProceeds: formatMoney(position.uncoveredProceeds),
    fills: position.fills,
    roundTrips: position.roundTrips.length,
    firstFillAt: timeOrNull(position.firstAt),
    lastFillAt: timeOrNull(position.lastAt),
    protection: {
      state: protection.state,
      pid: protection.pid ?? null,
      heartbeatAgeMs: protection.heartbeatAgeMs ?? null,
      reasons: protection.reasons,
      armed: app.protections.list(position.symbol).map(protectionJson),
    },
  };
}

/** The same as one flat row. */
export function positionRow(app: Pick<App, "now" | "protections">, report: PositionReport): object {
  const { withoutFees, protection, ...json } = positionJson(app, report);
  return {
    ...json,
    withoutFees: withoutFees.map(({ asset, quantity }) => `${quantity} ${asset}`).join(" "),
    protection: protection.state,
    pid: protection.pid,
    heartbeatAgeMs: protection.heartbeatAgeMs,
  };
}

export function realisedText({ position, value }: PositionReport): string {
  const figure = withWithout(signed(value.realised), value.without);
  return position.uncovered === 0n
    ? figure
    : `${figure}; ${formatMoney(position.uncovered)} ${position.base} sold at an unknown cost`;
}

export const POSITION_COLUMNS: readonly Column<PositionReport>[] = [
  { title: "SYMBOL", value: ({ position }) => position.symbol },
  { title: "QUANTITY", value: ({ position }) => formatMoney(position.quantity), align: "right" },
  { title: "AVERAGE COST", value: ({ position }) => amountOrNull(position.averageCost), align: "right" },
  { title: "PRICE", value: ({ price }) => amountOrNull(price?.price), align: "right" },
  { title: "VALUE", value: ({ value }) => amountOrNull(value.value), align: "right" },
  {
    title: "UNREALISED",
    value: ({ value }) => (value.unrealised === undefined ? undefined : signed(value.unrealised)),
    align: "right",
  },
  { title: "REALISED", value: realisedText, align: "right" },
  { title: "PROTECTION", value: protectionText },
];

export function protectionText({ protection }: PositionReport): string {
  const { state, pid, heartbeatAgeMs } = protection;
  const word = state.toUpperCase();
  if (pid === undefined) return word;
  const age = heartbeatAgeMs === undefined ? "" : `, ${(heartbeatAgeMs / 1_000).toFixed(1)} s`;
  return `${word} (pid ${pid}${age})`;
}
