import { formatMoney } from "../../../core/domain/money.ts";
import type { SimInstrument } from "../../engine/instrument.ts";
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
    symbols: wantedInstruments(call).map(instrumentView),
  }),
};

function wantedInstruments({ parameters, exchange }: Call): readonly SimInstrument[] {
  const wanted = parameters.text("symbol") ?? parameters.text("symbols");
  if (wanted === undefined) return [...exchange.markets.values()].map((market) => market.instrument);
  return wanted.split(",").map((symbol) => exchange.market(symbol).instrument);
}

function instrumentView(instrument: SimInstrument): Readonly<Record<string, unknown>> {
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
    contractAddress: "",
    conceptPlateIds: [],
    conceptPlates: [],
    st: instrument.specialTreatment,
    firstOpenTime: instrument.firstOpenTime,
  };
}
