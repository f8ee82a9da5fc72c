import { formatMoney } from "../../../core/domain/money.ts";
import type { SimInstrument } from "../../engine/instrument.ts";
import { invalidSymbol } from "../../engine/refusal.ts";
import { contractAddressOf, platesOf } from "../../market/coin-facts.ts";
import type { Call, PublicEndpoint } from "../endpoint.ts";

export const exchangeInfo: PublicEndpoint = {
  method: "GET",
  path: "/api/v3/exchangeInfo",
  weight: 25,
  olderWeight: 10,
  access: "public",
  handle: (call) => ({
    timezone: "CST",
    serverTime: call.serverTime,
    rateLimits: [],
    exchangeFilters: [],
    symbols: wantedInstruments(call).map((instrument) => instrumentView(instrument, call)),
  }),
};

function wantedInstruments(call: Call): readonly SimInstrument[] {
  const { parameters, exchange } = call;
  const wanted = parameters.text("symbol") ?? parameters.text("symbols");
  if (wanted === undefined) {
    return [...exchange.markets.values()].map((market) => market.instrument).filter((one) => isShown(one, call));
  }
  return wanted.split(",").map((symbol) => {
    const { instrument } = exchange.market(symbol);
    if (!isShown(instrument, call)) throw invalidSymbol();
    return instrument;
  });
}

/** Whether a market shows before it opens is not known. */
function isShown(instrument: SimInstrument, { venue }: Call): boolean {
  return venue.now() >= instrument.firstOpenTime || venue.switches.get("listing-row") === "shown";
}

function instrumentView(instrument: SimInstrument, { venue }: Call): Readonly<Record<string, unknown>> {
  const plates = platesOf(instrument.baseAsset);
  const hasOpenTime = venue.switches.get("first-open-time") === "shown";
  const band = instrument.priceBand;
  return {
    symbol: instrument.symbol,
    status: instrument.status,
    baseAsset: instrument.baseAsset,
    baseAssetPrecision: instrument.quantityDecimals,
    quoteAsset: instrument.quoteAsset,
    quotePrecision: instrument.priceDecimals,
    quoteAssetPrecision: instrument.priceDecimals,
    baseCommissionPrecision: instrument.quantityDecimals,
    quoteCommissionPrecision: instrument.priceDecimals,
    orderTypes: instrument.orderTypes,
    isSpotTradingAllowed: instrument.spotTradingAllowed,
    isMarginTradingAllowed: false,
    quoteAmountPrecision: formatMoney(instrument.minNotional),
    baseSizePrecision: formatMoney(instrument.minQuantity),
    permissions: ["SPOT"],
    filters:
      band === undefined
        ? []
        : [
            {
              filterType: "PERCENT_PRICE_BY_SIDE",
              bidMultiplierUp: formatMoney(band.bidMultiplierUp),
              askMultiplierDown: formatMoney(band.askMultiplierDown),
            },
          ],
    maxQuoteAmount: formatMoney(instrument.maxNotional),
    makerCommission: formatMoney(instrument.makerRate),
    takerCommission: formatMoney(instrument.takerRate),
    quoteAmountPrecisionMarket: formatMoney(instrument.minNotional),
    maxQuoteAmountMarket: formatMoney(instrument.maxNotionalMarket),
    fullName: instrument.fullName,
    tradeSideType: instrument.tradeSideType,
    contractAddress: contractAddressOf(instrument.baseAsset),
    conceptPlateIds: plates.map((plate) => plate.id),
    conceptPlates: plates.map((plate) => plate.name),
    st: instrument.specialTreatment,
    ...(hasOpenTime ? { firstOpenTime: instrument.firstOpenTime } : {}),
    bizType: "SPOT",
  };
}
