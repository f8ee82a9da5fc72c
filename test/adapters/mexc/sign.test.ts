import { createSecretKey } from "node:crypto";
import { expect, it } from "vitest";
import { encodeQuery, signQuery } from "../../../src/adapters/mexc/rest/sign.ts";

const SECRET = createSecretKey("45d0b3c26f2644f19bfb98b07741b2f5", "utf8");

it("signs as the published example does", () => {
  const query = encodeQuery({
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    quantity: 1,
    price: 11,
    recvWindow: 5000,
    timestamp: 1644489390087,
  });
  expect(signQuery(query, SECRET)).toBe("fd3e4e8543c5188531eb7279d68ae7d26a573d0fc5ab0d18eb692451654d837a");
});

it("signs an encoded list as the exchange expects it", () => {
  const batchOrders = '[{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","quantity":"1","price":"11"}]';
  const query = encodeQuery({ batchOrders, recvWindow: 5000, timestamp: 1644489390087 });
  expect(signQuery(query, SECRET)).toBe("75b5c1a632047eb42b98d7aa9a6aafeb32a1035ccf50c454fae4a46e2d68db41");
});

it("signs query and body as one text, as the published example of both does", () => {
  const query = "symbol=BTCUSDT&side=BUY&type=LIMIT";
  const body = "quantity=1&price=11&recvWindow=5000&timestamp=1644489390087";
  expect(signQuery(query + body, SECRET)).toBe("d1a676610ceb39174c8039b3f548357994b2a34139a8addd33baadba65684592");
});

it("encodes every sign that is not plain, in upper-case hex, and nothing else", () => {
  const text = "az AZ09-_.~!'()*[]{},:&=+%/?#\"\u00e9";
  const encoded = encodeQuery({ text }).slice("text=".length);
  expect(decodeURIComponent(encoded)).toBe(text);
  expect(encoded).toMatch(/^(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})+$/);
  expect(encoded).toContain("%21%27%28%29%2A%5B%5D%7B%7D%2C");
});

it("encodes brackets, parentheses and other scripts in upper-case hex", () => {
  expect(encodeQuery({ network: "BEP20(BSC)", symbol: "龙虾USDT", none: undefined })).toBe(
    "network=BEP20%28BSC%29&symbol=%E9%BE%99%E8%99%BEUSDT",
  );
});
