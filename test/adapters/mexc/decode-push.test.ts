import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePush } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { DecodeError } from "../../../src/adapters/mexc/ws/proto-reader.ts";
import { TextMemory } from "../../../src/adapters/mexc/ws/text-memory.ts";
import type { LevelTexts } from "./push-schema.ts";
import { encodePush as encode, readLevels, shortest } from "./push-schema.ts";

const DEPTH_FRAME =
  "0a2f73706f74407075626c69632e61676772652e64657074682e76332e6170692e7062403130306d7340425443555344541a074254435553445430bad2c3d1c432ca1352120d0a0839323837372e35381201301a2773706f74407075626c69632e61676772652e64657074682e76332e6170692e7062403130306d73220b31303538393633323335392a0b3130353839363332333539";
const DEAL_FRAME =
  "0a1c73706f7440707269766174652e6465616c732e76332e6170692e70621a064d585553445430dc8095d4c4329213690a06332e363936321201311a06332e3639363220023a1435303539373930313734333930303236323458314a1a4330325f5f3530353937393031373433393030323632343131355215302e303030333939383337373336393639383137315a024d5860a88095d4c432";

describe("the golden frames of section 7.4", () => {
  it("hold a deleted bid", () => {
    const push = decodePush(Buffer.from(DEPTH_FRAME, "hex"));
    expect(push).toMatchObject({
      symbol: "BTCUSDT",
      sendTime: 1736411507002,
      body: {
        kind: "depths",
        fromVersion: 10589632359,
        toVersion: 10589632359,
      },
    });
    expect(push.body.kind === "depths" && readLevels(push.body.changes)).toEqual({
      asks: [],
      bids: [{ price: "92877.58", quantity: "0" }],
    });
  });

  it("hold a private deal", () => {
    expect(decodePush(Buffer.from(DEAL_FRAME, "hex"))).toMatchObject({
      symbol: "MXUSDT",
      body: {
        kind: "private-deal",
        price: "3.6962",
        quantity: "1",
        amount: "3.6962",
        tradeType: 2,
        tradeId: "505979017439002624X1",
        orderId: "C02__505979017439002624115",
        time: 1736417034280,
        isMaker: false,
        feeAmount: "0.0003998377369698171",
        feeCurrency: "MX",
      },
    });
  });
});

const text = fc.string({ unit: fc.constantFrom(..."0123456789.-ABCxyz龙é"), maxLength: 80 });
const count = fc.integer({ min: 0, max: 2 ** 52 });
const small = fc.integer({ min: 0, max: 200 });
const item = fc.record({ price: text, quantity: text });

const anyMessage = fc.oneof(
  fc.record({ asks: fc.array(item, { maxLength: 4 }), bids: fc.array(item, { maxLength: 4 }) }).map((body) => ({
    publicAggreDepths: { ...body, fromVersion: "5", toVersion: "9" },
  })),
  fc.array(item, { maxLength: 4 }).map((bids) => ({ publicLimitDepths: { bids, asks: bids } })),
  fc
    .array(fc.record({ price: text, quantity: text, tradeType: small, time: count, tradeId: text }), { maxLength: 4 })
    .map((deals) => ({ publicAggreDeals: { deals } })),
  fc
    .record({ bidPrice: text, bidQuantity: text, askPrice: text, askQuantity: text })
    .map((body) => ({ publicAggreBookTicker: body })),
  fc
    .record({
      interval: text,
      windowStart: count,
      openingPrice: text,
      closingPrice: text,
      highestPrice: text,
      lowestPrice: text,
      volume: text,
      amount: text,
    })
    .map((body) => ({ publicSpotKline: body })),
  fc
    .array(
      fc.record({ symbol: text, price: text, zonedRate: text, high: text, low: text, volume: text, quantity: text }),
      {
        maxLength: 3,
      },
    )
    .map((items) => ({ publicMiniTickers: { items } })),
  fc
    .record({
      id: text,
      clientId: text,
      price: text,
      quantity: text,
      orderType: small,
      tradeType: small,
      cumulativeQuantity: text,
      cumulativeAmount: text,
      status: small,
      createTime: count,
    })
    .map((body) => ({ privateOrders: body })),
  fc
    .record({
      price: text,
      quantity: text,
      amount: text,
      tradeType: small,
      isMaker: fc.boolean(),
      tradeId: text,
      clientOrderId: text,
      orderId: text,
      feeAmount: text,
      feeCurrency: text,
      time: count,
    })
    .map((body) => ({ privateDeals: body })),
  fc
    .record({ vcoinName: text, balanceAmount: text, frozenAmount: text, type: text, time: count })
    .map((body) => ({ privateAccount: body })),
);
const anyFrame = fc
  .record({ channel: text, symbol: text, sendTime: count, createTime: count })
  .chain((head) => anyMessage.map((body) => ({ ...head, ...body })));

/** What a side of the book says, in the form in which it is read back. */
function shortened(body: Record<string, unknown>) {
  const side = (levels: unknown) =>
    (levels as readonly LevelTexts[]).map((level) => ({
      price: shortest(level.price),
      quantity: shortest(level.quantity),
    }));
  return { asks: side(body["asks"]), bids: side(body["bids"]) };
}

const DECIMALS = new Set(["price", "quantity", "zonedRate", "high", "low", "volume"]);

/** Items of a list with their decimals in the shortest form, whoever has read them. */
function inShort(items: unknown) {
  return (items as readonly Readonly<Record<string, string | bigint>>[]).map((fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, DECIMALS.has(name) ? shortest(value) : value]),
    ),
  );
}

describe("frames of the schema", () => {
  it("give plain decimals of trades and tickers in units of money, and others as they stand", () => {
    const decimals = {
      price: "0.1",
      zonedRate: "-0.0123",
      high: "1e3",
      low: "",
      volume: "-",
      quantity: "90071992547409.93",
    };
    const push = decodePush(encode({ publicMiniTickers: { items: [{ symbol: "7", ...decimals }] } }));
    expect(push.body).toEqual({
      kind: "mini-tickers",
      items: [
        {
          symbol: "7",
          price: 10n ** 17n,
          zonedRate: -123n * 10n ** 14n,
          high: "1e3",
          low: "",
          volume: "-",
          quantity: "90071992547409.93",
        },
      ],
    });
  });

  it("read as the reference library writes them, names remembered or not", () => {
    const names = new TextMemory();
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const { channel, symbol, sendTime, createTime: _unused, ...rest } = frame;
        const push = decodePush(encode(frame));
        expect(push).toMatchObject({ channel, symbol, sendTime });
        expect(decodePush(encode(frame), names)).toMatchObject({ channel, symbol, sendTime });
        const [body] = Object.values(rest) as readonly object[];
        const { fromVersion, toVersion, ...plain } = body as Record<string, unknown>;
        if (push.body.kind === "depths") expect(readLevels(push.body.changes)).toEqual(shortened(plain));
        else if (push.body.kind === "deals") expect(inShort(push.body.deals)).toMatchObject(inShort(plain["deals"]));
        else if (push.body.kind === "mini-tickers")
          expect(inShort(push.body.items)).toMatchObject(inShort(plain["items"]));
        else expect(push.body).toMatchObject(plain);
        if (fromVersion !== undefined)
          expect(push.body).toMatchObject({ fromVersion: 5, toVersion: Number(toVersion) });
      }),
      { numRuns: 500 },
    );
  });

  it("read the same with the body before the head, and with fields nobody knows", () => {
    const head = encode({ channel: "c", symbol: "S", sendTime: 7 });
    const body = encode({ publicAggreDeals: { deals: [{ price: "1", quantity: "2", tradeType: 1, time: 3 }] } });
    const unknown = Buffer.from([0xf8, 0x7f, 0x05, 0xfa, 0x7f, 0x02, 0x61, 0x62, 0xfd, 0x7f, 1, 2, 3, 4]);
    const swapped = Buffer.concat([unknown, body, head]);
    expect(decodePush(swapped)).toEqual(decodePush(Buffer.concat([head, body])));
  });

  it("are no frames when a version is no number, or a field has none", () => {
    for (const fromVersion of ["x", "-1", "1.5", "1e3", " 7", "99999999999999999999"]) {
      const frame = encode({ publicAggreDepths: { fromVersion, toVersion: "9" } });
      expect(() => decodePush(frame), fromVersion).toThrow(DecodeError);
    }
    for (const tag of [0x00, 0x02, 0x07]) expect(() => decodePush(Buffer.from([tag, 0, 0]))).toThrow(DecodeError);
    expect(() => decodePush(Buffer.alloc(16, 0xff))).toThrow(DecodeError);
  });

  it("never hang or throw anything but a DecodeError, whatever happens to the bytes", () => {
    fc.assert(
      fc.property(
        anyFrame,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (frame, changes, cut) => {
          const bytes = Uint8Array.from(encode(frame));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          for (const mutated of [bytes, bytes.subarray(0, cut % (bytes.length + 1))]) {
            try {
              decodePush(mutated);
            } catch (fault) {
              expect(fault).toBeInstanceOf(DecodeError);
            }
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
