import type { Price, Quantity } from "../../core/domain/money.ts";
import { parsePrice, parseQuantity } from "../../core/domain/money.ts";
import type { TapeTrade } from "../engine/order.ts";

const HEADER = "time_ms,trade_id,price,quantity,buyer_is_maker";

/**
 * Reads a recording of public trades, oldest first.
 * @throws Error naming the line, when the text is no such recording
 */
export function parseTradeFile(text: string, file: string): readonly TapeTrade[] {
  const [header, ...lines] = text.split(/\r?\n/);
  if (header?.replace(/^\uFEFF/, "").trim() !== HEADER) {
    throw new Error(`${file}, line 1: expected the header "${HEADER}", found ${JSON.stringify(header ?? "")}`);
  }
  const trades: TapeTrade[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const trade = parseLine(line);
    if (typeof trade === "string")
      throw new Error(`${file}, line ${String(at + 2)}: ${trade}: ${JSON.stringify(line)}`);
    const last = trades[trades.length - 1];
    if (last !== undefined && trade.time < last.time) {
      throw new Error(`${file}, line ${String(at + 2)}: the trade is older than the one before it`);
    }
    trades.push(trade);
  }
  if (trades.length === 0) throw new Error(`${file}: the file holds no trades`);
  return trades;
}

function parseLine(line: string): TapeTrade | string {
  const fields = line.split(",").map((field) => field.trim());
  if (fields.length !== 5) return `expected 5 fields, found ${String(fields.length)}`;
  const [timeText = "", tradeId = "", priceText = "", quantityText = "", makerText = ""] = fields;
  if (!/^\d{1,15}$/.test(timeText)) return "time_ms is no whole number of milliseconds";
  if (!/^[\w-]{1,64}$/.test(tradeId)) return "trade_id is missing or no plain id";
  const price: Price | undefined = parsePrice(priceText);
  if (price === undefined || price <= 0n) return "price is no positive decimal";
  const quantity: Quantity | undefined = parseQuantity(quantityText);
  if (quantity === undefined || quantity <= 0n) return "quantity is no positive decimal";
  if (makerText !== "true" && makerText !== "false") return "buyer_is_maker is neither true nor false";
  return { time: Number(timeText), tradeId, price, quantity, takerSide: makerText === "true" ? "SELL" : "BUY" };
}
