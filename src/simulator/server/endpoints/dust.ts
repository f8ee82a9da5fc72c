import type { Notional, Price, Quantity } from "../../../core/domain/money.ts";
import { formatMoney, notional, notionalOf, quantityFor, ratio, scale } from "../../../core/domain/money.ts";
import { Refusal } from "../../engine/refusal.ts";
import type { SignedCall, SignedEndpoint } from "../endpoint.ts";

const path = "/api/v3/capital/convert";
const MOST_ASSETS = 15;
/** What is worth less than this many USDT counts as dust. */
const DUST = notional("5");
const FEE_RATE = ratio("0.02");

interface Dust {
  readonly asset: string;
  readonly amount: Quantity;
  readonly usdt: Notional;
  readonly mx: Quantity;
  readonly fee: Quantity;
}

/** What could be turned into MX. */
export const dustList: SignedEndpoint = {
  method: "GET",
  path: `${path}/list`,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) =>
    dustOf(call).map(({ asset, amount, usdt, mx }) => ({
      asset,
      convertMx: formatMoney(mx),
      convertUsdt: formatMoney(usdt),
      balance: formatMoney(amount),
      code: null,
      message: null,
    })),
};

/** Turns dust into MX, asset by asset; what is no dust fails by itself. */
export const convertDust: SignedEndpoint = {
  method: "POST",
  path,
  weight: 10,
  access: "SPOT_ACCOUNT_WRITE",
  handle: (call) => {
    const wanted = call.parameters.required("asset").split(",");
    if (wanted.length > MOST_ASSETS) throw new Refusal(33333, `At most ${String(MOST_ASSETS)} assets a call`);
    const dust = dustOf(call).filter(({ asset }) => wanted.includes(asset));
    for (const { asset, amount, mx } of dust) call.exchange.convert(call.account, asset, amount, mx);
    const total = dust.reduce((sum, one) => sum + one.mx, 0n) as Quantity;
    const fees = dust.reduce((sum, one) => sum + one.fee, 0n) as Quantity;
    const taken = new Set(dust.map(({ asset }) => asset));
    return {
      successList: [...taken],
      failedList: wanted
        .filter((asset) => !taken.has(asset))
        .map((asset) => ({ asset, message: "Not a small balance", code: 30021 })),
      totalConvert: formatMoney(total),
      convertFee: formatMoney(fees),
    };
  },
};

/** What was turned into MX, newest first. */
export const dustHistory: SignedEndpoint = {
  method: "GET",
  path,
  weight: 1,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ parameters, exchange, account }) => {
    const size = parameters.limit(1, 1_000);
    const page = Math.max(1, parameters.whole("page") ?? 1);
    const all = exchange.conversions.filter((one) => one.account === account).toReversed();
    return {
      data: all.slice((page - 1) * size, page * size).map(({ asset, amount, mx, time }) => ({
        totalConvert: formatMoney(mx),
        convertTime: time,
        convertDetails: [{ asset, amount: formatMoney(amount), convert: formatMoney(mx), time }],
      })),
      totalRecords: all.length,
      page,
      totalPageNum: Math.ceil(all.length / size),
    };
  },
};

function dustOf({ exchange, account }: SignedCall): readonly Dust[] {
  const mxPrice = exchange.markets.get("MXUSDT")?.lastPrice;
  if (mxPrice === undefined) return [];
  return [...(exchange.ledger.accounts().get(account) ?? [])].flatMap(([asset, { free }]): readonly Dust[] => {
    const price = exchange.markets.get(`${asset}USDT`)?.lastPrice;
    if (price === undefined || asset === "MX" || free === 0n) return [];
    const usdt = notionalOf(price, free, "down");
    return usdt === 0n || usdt >= DUST ? [] : [dustOfAsset(asset, free, usdt, mxPrice)];
  });
}

function dustOfAsset(asset: string, amount: Quantity, usdt: Notional, mxPrice: Price): Dust {
  const whole = quantityFor(usdt, mxPrice, "down");
  const fee = scale(whole, FEE_RATE, "up");
  return { asset, amount, usdt, mx: (whole - fee) as Quantity, fee };
}
