import { describe, expect, it } from "vitest";
import type { Balance } from "../../../src/core/domain/balance.ts";
import { asset, marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { Instrument } from "../../../src/core/domain/instrument.ts";
import { notional, price, quantity, ratio } from "../../../src/core/domain/money.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import type { PricedMarket, RiskAccount } from "../../../src/core/domain/risk-account.ts";
import type { OrderPurpose, RiskLimits } from "../../../src/core/domain/risk-request.ts";
import { assessRisk } from "../../../src/core/domain/risk.ts";
import { BTCUSDT, fill, limitBuy, NOW, riskRequest, UNREAD_ACCOUNT, WIDE_LIMITS, workingBuy } from "./samples.ts";

/** A buy of 6,500 USDT: 0.1 BTC at 65,000. */
interface Case {
  readonly draft?: Partial<OrderDraft>;
  readonly instrument?: Partial<Instrument>;
  readonly limits?: Partial<RiskLimits>;
  readonly account?: Partial<RiskAccount>;
  readonly purpose?: OrderPurpose;
}

function codesOf({ draft = {}, instrument = {}, limits = {}, account = {}, purpose = "usual" }: Case) {
  const verdict = assessRisk(
    riskRequest({
      draft: limitBuy(draft),
      instrument: { ...BTCUSDT, ...instrument },
      limits: { ...WIDE_LIMITS, ...limits },
      account: { ...UNREAD_ACCOUNT, ...account },
      purpose,
    }),
  );
  return verdict.kind === "approved" ? [] : verdict.denials.map((denial) => denial.code);
}

function wallet(...rows: readonly (readonly [string, string, string?])[]): ReadonlyMap<Balance["asset"], Balance> {
  return new Map(
    rows.map(([name, free, locked = "0"]) => [
      asset(name),
      { asset: asset(name), free: quantity(free), locked: quantity(locked), at: NOW },
    ]),
  );
}

function market(base: string, quote: string, last: string | undefined): PricedMarket {
  const instrument = { symbol: marketSymbol(`${base}${quote}`), base: asset(base), quote: asset(quote) };
  return { instrument, price: last === undefined ? undefined : price(last) };
}

const bought = (at: number) => fill({ quantity: quantity("0.06"), at });
const usdt = (text: string) => new Map([["USDT", notional(text)]]);
const MARKETS = [market("BTC", "USDT", "65000"), market("ETH", "USDT", "2000"), market("USDC", "USDT", "1")];
const RICH = wallet(["USDT", "100000"]);
const SELL = { side: "sell" } as const;

describe("exposure in one market", () => {
  const limits = { exposurePerSymbol: usdt("10000") };
  it.each<[string, Case, readonly string[]]>([
    ["lets an order pass that stays within", { account: { balances: RICH } }, []],
    ["takes the limit itself", { limits: { exposurePerSymbol: usdt("6500") }, account: { balances: RICH } }, []],
    [
      "counts what is held",
      { account: { balances: wallet(["USDT", "100000"], ["BTC", "0.06"]) } },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts what is locked in a sale",
      { account: { balances: wallet(["USDT", "100000"], ["BTC", "0", "0.06"]) } },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts an open buy",
      { account: { balances: RICH, workingOrders: [workingBuy()] } },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts an order of unknown outcome",
      { account: { balances: RICH, workingOrders: [workingBuy({ state: "unknown" })] } },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts an unknown order without a price of its own at the price of the market",
      {
        account: {
          balances: RICH,
          workingOrders: [{ ...workingBuy({ state: "unknown", type: "market" }), limitPrice: undefined } as never],
        },
      },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts only what is left of a buy: the rest is held",
      { account: { balances: RICH, workingOrders: [workingBuy({ filledQuantity: quantity("0.06") })] } },
      [],
    ],
    [
      "counts what was bought after the balance was told",
      {
        account: {
          balances: wallet(["USDT", "100000"], ["BTC", "0.01"]),
          purchases: [bought(NOW + 1)],
        },
      },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts what was bought of an asset that no balance names yet",
      { account: { balances: RICH, purchases: [bought(NOW + 1)] } },
      ["SYMBOL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts nothing twice that the balance has in it",
      { account: { balances: wallet(["USDT", "100000"], ["BTC", "0.01"]), purchases: [bought(NOW)] } },
      [],
    ],
    ["leaves open sales out", { account: { balances: RICH, workingOrders: [workingBuy(SELL)] } }, []],
    [
      "leaves other markets out",
      { account: { balances: RICH, workingOrders: [workingBuy({ symbol: marketSymbol("ETHUSDT") })] } },
      [],
    ],
    ["denies what it cannot judge", {}, ["EXPOSURE_UNKNOWN"]],
    ["never holds up a sale", { draft: SELL, account: { balances: wallet(["BTC", "5"]) } }, []],
    ["never holds up an exit", { purpose: "exit" }, []],
    [
      "has no say for another quote asset",
      { instrument: { quote: asset("BTC") }, account: { balances: undefined } },
      [],
    ],
  ])("%s", (_name, given, codes) => {
    expect(codesOf({ ...given, limits: { ...limits, ...given.limits } })).toEqual(codes);
  });
});

describe("exposure in all", () => {
  const limits = { exposureTotal: usdt("10000") };
  const account = { balances: RICH, markets: MARKETS };
  it.each<[string, Case, readonly string[]]>([
    ["lets an order pass that stays within", { account }, []],
    [
      "counts what is held of another base",
      { account: { ...account, balances: wallet(["USDT", "100000"], ["ETH", "1.76"]) } },
      ["TOTAL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "counts an unknown order of another market",
      {
        account: {
          ...account,
          workingOrders: [
            workingBuy({
              symbol: marketSymbol("ETHUSDT"),
              state: "unknown",
              size: { kind: "quote", notional: notional("3600") },
            }),
          ],
        },
      },
      ["TOTAL_EXPOSURE_TOO_LARGE"],
    ],
    [
      "denies when an asset that is held has no price",
      {
        account: {
          balances: wallet(["USDT", "100000"], ["XYZ", "1"]),
          markets: [...MARKETS, market("XYZ", "USDT", undefined)],
        },
      },
      ["EXPOSURE_UNKNOWN"],
    ],
    [
      "needs no price of what is not held",
      { account: { ...account, markets: [...MARKETS, market("XYZ", "USDT", undefined)] } },
      [],
    ],
    [
      "leaves out what no market trades against the quote",
      { account: { ...account, balances: wallet(["USDT", "100000"], ["AIRDROP", "9"]) } },
      [],
    ],
    [
      "takes an asset with a limit of its own for money",
      {
        limits: { exposureTotal: new Map([...usdt("10000"), ["USDC", notional("10000")]]) },
        account: { ...account, balances: wallet(["USDT", "100000"], ["USDC", "5000"]) },
      },
      [],
    ],
    [
      "takes any other asset for a stake",
      { account: { ...account, balances: wallet(["USDT", "100000"], ["USDC", "5000"]) } },
      ["TOTAL_EXPOSURE_TOO_LARGE"],
    ],
    ["denies when no price could be read", { account: { balances: RICH } }, ["EXPOSURE_UNKNOWN"]],
    ["never holds up a sale", { draft: SELL, account: { balances: wallet(["BTC", "5"]) } }, []],
    ["never holds up an exit", { purpose: "exit" }, []],
  ])("%s", (_name, given, codes) => {
    expect(codesOf({ ...given, limits: { ...limits, ...given.limits } })).toEqual(codes);
  });
});

describe("concentration", () => {
  const limits = { concentration: ratio("0.5") };
  it.each<[string, Case, readonly string[]]>([
    ["takes the limit itself", { account: { balances: wallet(["USDT", "13000"]), markets: MARKETS } }, []],
    [
      "holds the limit",
      { account: { balances: wallet(["USDT", "12999.99"]), markets: MARKETS } },
      ["CONCENTRATION_TOO_HIGH"],
    ],
    [
      "counts what is held on both sides of the share",
      { account: { balances: wallet(["USDT", "13000"], ["BTC", "0.1"]), markets: MARKETS } },
      ["CONCENTRATION_TOO_HIGH"],
    ],
    [
      "counts the worth of other assets",
      { account: { balances: wallet(["USDT", "7000"], ["ETH", "3"]), markets: MARKETS } },
      [],
    ],
    ["denies what it cannot judge", { account: { balances: RICH } }, ["CONCENTRATION_UNKNOWN"]],
    ["never holds up an exit", { purpose: "exit" }, []],
    ["says nothing where no limit is set", { limits: { concentration: undefined }, account: { balances: RICH } }, []],
  ])("%s", (_name, given, codes) => {
    expect(codesOf({ ...given, limits: { ...limits, ...given.limits } })).toEqual(codes);
  });
});

describe("the pace and number of orders", () => {
  const two = { intendedAt: [NOW - 59_999, NOW - 10] };
  it.each<[string, Case, readonly string[]]>([
    ["holds the pace", { limits: { ordersPerMinute: 2 }, account: two }, ["ORDER_RATE_TOO_HIGH"]],
    ["lets the order below it pass", { limits: { ordersPerMinute: 3 }, account: two }, []],
    [
      "forgets what is a minute old",
      { limits: { ordersPerMinute: 2 }, account: { intendedAt: [NOW - 60_000, NOW] } },
      [],
    ],
    ["never holds up a sale", { limits: { ordersPerMinute: 2 }, account: two, draft: SELL }, []],
    ["never holds up an exit", { limits: { ordersPerMinute: 2 }, account: two, purpose: "exit" }, []],
    [
      "holds the number",
      { limits: { maxOpenOrders: 1 }, account: { workingOrders: [workingBuy()] } },
      ["TOO_MANY_OPEN_ORDERS"],
    ],
    [
      "counts foreign and unknown orders",
      {
        limits: { maxOpenOrders: 2 },
        account: { workingOrders: [workingBuy({ origin: "foreign" }), workingBuy({ state: "unknown" })] },
      },
      ["TOO_MANY_OPEN_ORDERS"],
    ],
    [
      "counts for sales as well",
      { limits: { maxOpenOrders: 1 }, account: { workingOrders: [workingBuy()] }, draft: SELL },
      ["TOO_MANY_OPEN_ORDERS"],
    ],
    [
      "lets pass what never rests",
      {
        limits: { maxOpenOrders: 1 },
        account: { workingOrders: [workingBuy()] },
        draft: { type: "immediate-or-cancel" },
      },
      [],
    ],
    [
      "lets an exit pass",
      { limits: { maxOpenOrders: 1 }, account: { workingOrders: [workingBuy()] }, purpose: "exit" },
      [],
    ],
  ])("%s", (_name, given, codes) => {
    expect(codesOf(given)).toEqual(codes);
  });

  it("says how long to wait for room", () => {
    const limits = { ...WIDE_LIMITS, ordersPerMinute: 2 };
    const account = { ...UNREAD_ACCOUNT, intendedAt: [NOW - 10, NOW - 30_000, NOW - 50_000] };
    const verdict = assessRisk(riskRequest({ limits, account }));
    expect(verdict).toMatchObject({ denials: [{ hint: expect.stringContaining("Wait 30 s") as unknown }] });
  });
});

describe("which markets", () => {
  const BTC_ONLY = new Set([BTCUSDT.symbol]);
  it.each<[string, Case, readonly string[]]>([
    ["lets a listed market pass", { limits: { allowedSymbols: BTC_ONLY } }, []],
    [
      "refuses one that is not listed",
      { limits: { allowedSymbols: new Set([marketSymbol("ETHUSDT")]) } },
      ["SYMBOL_NOT_ON_LIST"],
    ],
    ["refuses a blocked one", { limits: { blockedSymbols: BTC_ONLY } }, ["SYMBOL_BLOCKED"]],
    [
      "lets the block win over the list",
      { limits: { allowedSymbols: BTC_ONLY, blockedSymbols: BTC_ONLY } },
      ["SYMBOL_BLOCKED"],
    ],
    ["refuses a blocked one for sales too", { limits: { blockedSymbols: BTC_ONLY }, draft: SELL }, ["SYMBOL_BLOCKED"]],
    ["lets an exit leave a blocked one", { limits: { blockedSymbols: BTC_ONLY }, draft: SELL, purpose: "exit" }, []],
    ["refuses to buy what is marked as risky", { instrument: { riskMarked: true } }, ["SYMBOL_RISK_MARKED"]],
    ["lets whoever holds it sell", { instrument: { riskMarked: true }, draft: SELL }, []],
    [
      "buys it where the profile allows it",
      { instrument: { riskMarked: true }, limits: { allowsRiskMarked: true } },
      [],
    ],
  ])("%s", (_name, given, codes) => {
    expect(codesOf(given)).toEqual(codes);
  });
});

describe("what is there to spend", () => {
  const amount = (text: string) => ({ size: { kind: "base", quantity: quantity(text) } }) as const;
  it.each<[string, Case, readonly string[]]>([
    ["takes the last of it", { account: { balances: wallet(["USDT", "6500"]) } }, []],
    ["refuses what is not there", { account: { balances: wallet(["USDT", "6499.99"]) } }, ["BALANCE_TOO_SMALL"]],
    [
      "does not spend what is locked",
      { account: { balances: wallet(["USDT", "6499", "1000"]) } },
      ["BALANCE_TOO_SMALL"],
    ],
    ["takes an asset that is not listed for none", { account: { balances: wallet() } }, ["BALANCE_TOO_SMALL"]],
    [
      "sells what is there",
      { draft: { ...SELL, ...amount("0.1") }, account: { balances: wallet(["BTC", "0.1"]) } },
      [],
    ],
    [
      "sells no more",
      { draft: { ...SELL, ...amount("0.11") }, account: { balances: wallet(["BTC", "0.1"]) } },
      ["BALANCE_TOO_SMALL"],
    ],
    ["judges nothing that it does not know", {}, []],
    ["leaves an exit to the exchange", { draft: SELL, purpose: "exit", account: { balances: wallet() } }, []],
    [
      "keeps the reserve",
      { limits: { quoteReserve: usdt("5") }, account: { balances: wallet(["USDT", "6504.99"]) } },
      ["QUOTE_RESERVE"],
    ],
    [
      "takes all but the reserve",
      { limits: { quoteReserve: usdt("5") }, account: { balances: wallet(["USDT", "6505"]) } },
      [],
    ],
    [
      "speaks of the reserve only where the money is there",
      { limits: { quoteReserve: usdt("5") }, account: { balances: wallet(["USDT", "1"]) } },
      ["BALANCE_TOO_SMALL"],
    ],
    [
      "keeps no reserve for a sale",
      { draft: SELL, limits: { quoteReserve: usdt("5") }, account: { balances: wallet(["BTC", "1"]) } },
      [],
    ],
  ])("%s", (_name, given, codes) => {
    expect(codesOf(given)).toEqual(codes);
  });
});
