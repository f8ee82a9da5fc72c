import { formatMoney, quantityFor, roundToStep } from "../../../core/domain/money.ts";
import type { ExchangeOrder, OrderRequest, Side, StpMode } from "../../engine/order.ts";
import { ORDER_TYPES, STP_MODES } from "../../engine/order.ts";
import { Refusal, parameterError } from "../../engine/refusal.ts";
import type { Call, SignedCall, SignedEndpoint } from "../endpoint.ts";
import { maySee } from "../api-keys.ts";
import { placementView } from "../order-view.ts";

export const placeOrder: SignedEndpoint = {
  method: "POST",
  path: "/api/v3/order",
  weight: 0,
  access: "SPOT_DEAL_WRITE",
  isOrderAction: true,
  handle: (call) => {
    const order = call.exchange.place(call.account, readRequest(call));
    return placementView(order, ackQuantity(call, order), call.venue.switches);
  },
};

export const testOrder: SignedEndpoint = {
  method: "POST",
  path: "/api/v3/order/test",
  weight: 1,
  access: "SPOT_DEAL_WRITE",
  handle: (call) => {
    call.exchange.test(call.account, readRequest(call));
    return {};
  },
};

/** The order a request asks for. @throws Refusal for what no order can be, and for a pair the key may not trade */
export function readRequest({ parameters, key, venue }: SignedCall): OrderRequest {
  const symbol = parameters.required("symbol");
  if (!maySee(key, symbol)) {
    const isBanned = venue.switches.get("key-pair-code") === "70011";
    throw isBanned ? new Refusal(70011, "Pair banned for this API key") : new Refusal(10007, "symbol not support api");
  }
  const side = readSide(parameters.required("side"));
  const typeText = parameters.required("type");
  const type = ORDER_TYPES.find((known) => known === typeText);
  if (type === undefined) throw new Refusal(30041, "current order type can not place order");
  return {
    symbol,
    side,
    type,
    quantity: parameters.quantity("quantity"),
    // A price that comes with a MARKET order is accepted and means nothing.
    price: type === "MARKET" ? undefined : parameters.price("price"),
    quoteOrderQty: parameters.notional("quoteOrderQty"),
    clientOrderId: parameters.text("newClientOrderId"),
    stpMode: readStpMode(parameters.text("stpMode") ?? ""),
  };
}

function readStpMode(text: string): StpMode {
  const mode = STP_MODES.find((known) => known === text);
  if (mode === undefined) throw parameterError("stpMode");
  return mode;
}

function readSide(text: string): Side {
  if (text !== "BUY" && text !== "SELL") throw parameterError("side");
  return text;
}

/** For an order sized in quote the venue acknowledges what its protective price would buy, not what was bought. */
function ackQuantity({ exchange, parameters, venue }: Call, order: ExchangeOrder): string {
  const isSizedInQuote = order.type === "MARKET" && parameters.text("quoteOrderQty") !== undefined;
  if (isSizedInQuote && venue.switches.get("quote-ack-quantity") === "zero") return "0";
  if (order.quoteOrderQty === undefined) return formatMoney(order.quantity);
  const { stepSize } = exchange.market(order.symbol).instrument;
  return formatMoney(roundToStep(quantityFor(order.quoteOrderQty, order.price, "down"), stepSize, "down"));
}
