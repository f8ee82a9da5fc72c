import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/adapters/mexc/rest/read-answer.ts";
import { VENUE_CODE_ROWS, VENUE_CODES } from "../../../src/adapters/mexc/rest/venue-codes.ts";
import type { Approved } from "../../../src/core/domain/approved.ts";
import { AppError } from "../../../src/core/domain/errors.ts";
import { clientOrderId, marketSymbol, orderId } from "../../../src/core/domain/identifiers.ts";
import type { OrderDraft } from "../../../src/core/domain/order.ts";
import { limitBuy } from "../../core/domain/samples.ts";
import { answer, scriptedExchange } from "./scripted-exchange.ts";

const BTC = marketSymbol("BTCUSDT");
const ID = clientOrderId("td-1");
const signal = new AbortController().signal;
const intent = { clientOrderId: ID, draft: limitBuy() as Approved<OrderDraft>, at: 1_700_000_000_000 };
const UNSAFE = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;

const submitted = async (told: unknown) => (await scriptedExchange(() => told).gateway.submit(intent, signal)).kind;
const cancelled = async (told: unknown) =>
  (await scriptedExchange(() => told).gateway.cancel({ symbol: BTC, clientOrderId: ID }, signal)).kind;

const ACK = { symbol: "BTCUSDT", orderId: "C02__1", orderListId: -1, price: "65000", side: "BUY", type: "LIMIT" };

describe("the answer to an order", () => {
  it.each<[string, unknown, string]>([
    ["as the exchange gives it", ACK, "accepted"],
    ["of an id alone", { orderId: "C01__9" }, "accepted"],
    ["with an old id of digits", { orderId: "123456789012345678901" }, "accepted"],
    ["in an envelope of success", { ...ACK, code: 200, msg: "success" }, "accepted"],
    ["with fields nobody knows", { ...ACK, unheardOf: { deep: [1] } }, "accepted"],
    ["without an id", { ...ACK, orderId: undefined }, "unknown"],
    ["with an empty id", { ...ACK, orderId: "" }, "unknown"],
    ["with a number for an id", { ...ACK, orderId: 12_345 }, "unknown"],
    ["with an id of control characters", { ...ACK, orderId: "C02\u001b[2J" }, "unknown"],
    ["with an id of two thousand characters", { ...ACK, orderId: "C".repeat(2_000) }, "unknown"],
    ["about another market", { ...ACK, symbol: "ETHUSDT" }, "unknown"],
    ["about the other side", { ...ACK, side: "SELL" }, "unknown"],
    ["about another client order id", { ...ACK, newClientOrderId: "td-2" }, "unknown"],
    ["that refuses and names an order", { ...ACK, code: 30_004, msg: "no" }, "unknown"],
    ["of a list", [ACK], "unknown"],
    ["of null", null, "unknown"],
    ["of a text", "C02__1", "unknown"],
    ["with an id that is inherited", { __proto__: { orderId: "C02__1" } }, "unknown"],
    ["with an id under __proto__", answer(200, '{"__proto__":{"orderId":"C02__1"}}'), "unknown"],
    ["of no JSON", answer(200, "OK"), "unknown"],
    ["of nothing", answer(200, ""), "unknown"],
    ["cut off", answer(200, '{"symbol":"BTCUSDT","orderId":"C02_'), "unknown"],
    ["of a page", answer(200, "<html>Access Denied</html>", { "content-type": "text/html" }), "unknown"],
    ["that redirects", answer(302, JSON.stringify(ACK), { location: "https://evil.example" }), "unknown"],
    ["of the firewall", answer(403, "<html>"), "refused-here"],
    ["of an error without a code", answer(400, "{}"), "unknown"],
    ["of an error whose code is a text", answer(400, '{"code":"30004","msg":"x"}'), "unknown"],
    ["of an error whose code is none", answer(400, '{"code":1e400,"msg":"x"}'), "unknown"],
    ["of a code nobody has listed", answer(400, '{"code":987654,"msg":"x"}'), "unknown"],
    ["of a proven refusal", answer(400, '{"code":30002,"msg":"x","_extend":null}'), "rejected"],
    ["of a proven refusal with status 200", answer(200, '{"code":30002,"msg":"x"}'), "rejected"],
    ["of a refusal of the moment", answer(400, '{"code":30004,"msg":"x"}'), "refused-here"],
    ["that a client order id is taken", answer(400, '{"code":400,"msg":"Duplicate client order id"}'), "unknown"],
    ["of a proven refusal within a server error", answer(500, '{"code":30002,"msg":"x"}'), "unknown"],
  ])("%s", async (_name, told, kind) => {
    expect(await submitted(told)).toBe(kind);
  });

  it.each<[string, unknown, string]>([
    ["of the order as it was", { symbol: "BTCUSDT", orderId: "C02__1", status: "NEW" }, "accepted"],
    ["with our id", { symbol: "BTCUSDT", origClientOrderId: "td-1", orderId: "C02__1" }, "accepted"],
    ["about another market", { symbol: "ETHUSDT", orderId: "C02__1" }, "unknown"],
    ["about another order", { symbol: "BTCUSDT", origClientOrderId: "td-2", orderId: "C02__1" }, "unknown"],
    ["of nothing", {}, "unknown"],
    ["of a list", [], "unknown"],
    ["of null", null, "unknown"],
  ])("to a cancel: %s", async (_name, told, kind) => {
    expect(await cancelled(told)).toBe(kind);
  });

  it("is never taken for success, whatever text comes with success", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        expect(await submitted(answer(200, text))).toBe("unknown");
      }),
      { numRuns: 300 },
    );
  });
});

describe("any answer", () => {
  it("is read without a throw, and without a text that could harm", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), anyText(), fc.option(anyText()), (status, body, retryAfter) => {
        const result = readAnswer(status, body, retryAfter ?? undefined);
        if (result.kind === "refused") expect(result.message).not.toMatch(UNSAFE);
        if (result.kind === "unclear") expect(result.retryAfterSeconds ?? 0).toBeLessThanOrEqual(3 * 86_400);
        if (status >= 500 || status < 200 || (status >= 300 && status < 400)) expect(result.kind).toBe("unclear");
      }),
      { numRuns: 1_000 },
    );
  });

  it("may be nested a hundred thousand deep", () => {
    const depth = 100_000;
    expect(readAnswer(200, `${"[".repeat(depth)}${"]".repeat(depth)}`, undefined).kind).toBe("ok");
    expect(readAnswer(200, "[".repeat(depth), undefined).kind).toBe("unclear");
  });

  it("pollutes no prototype", () => {
    readAnswer(200, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', undefined);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

const ROWS: Readonly<Record<string, readonly [good: object, read: (told: unknown) => Promise<number>]>> = {
  openOrders: [
    { symbol: "BTCUSDT", orderId: "C02__1", executedQty: "0", status: "NEW", type: "LIMIT", side: "BUY", time: 1 },
    async (told) => (await scripted(told).accountData.fetchOpenOrders(undefined, signal)).length,
  ],
  myTrades: [
    {
      symbol: "BTCUSDT",
      id: "1",
      orderId: "C02__1",
      price: "1",
      qty: "1",
      quoteQty: "1",
      time: 1,
      isBuyer: true,
      isMaker: false,
    },
    async (told) =>
      (await scripted(told).accountData.fetchFills({ symbol: BTC, orderId: orderId("C02__1") }, signal)).length,
  ],
  "ticker/24hr": [
    { symbol: "BTCUSDT", lastPrice: "1" },
    async (told) => (await scripted(told).marketData.fetchTickers(undefined, signal)).length,
  ],
  trades: [
    { price: "1", qty: "1", time: 1, isBuyerMaker: true },
    async (told) => (await scripted(told).marketData.fetchTrades(BTC, 5, signal)).length,
  ],
};
let last: ReturnType<typeof scriptedExchange>;
function scripted(told: unknown) {
  last = scriptedExchange(() => told);
  return last;
}

describe("a list of rows", () => {
  const bad: readonly unknown[] = [null, 5, "x", [], {}, { symbol: {} }, { __proto__: null }, { constructor: 1 }];
  it.each(Object.entries(ROWS))("of %s leaves out and counts what cannot be read", async (_path, [good, read]) => {
    expect(await read([good, ...bad, good])).toBe(2);
    expect(last.poison).toHaveLength(bad.length);
  });

  it.each(Object.entries(ROWS))(
    "of %s is unreadable when no row is readable, or when it is none",
    async (_path, [, read]) => {
      for (const told of [bad, {}, 5, null].slice(0, _path === "ticker/24hr" ? 1 : 4)) {
        await expect(read(told)).rejects.toMatchObject({ code: "EXCHANGE_ANSWER_UNREADABLE", exitCode: 7 });
      }
    },
  );

  it.each(["NaN", "Infinity", "-1", "1e99", "1e-30", "0x10", "", " 1", "1,0", "9".repeat(41), "١"])(
    "leaves out a fill with the price %j",
    async (price) => {
      const [good, read] = ROWS["myTrades"] ?? [];
      expect(await read?.([good, { ...good, price }])).toBe(1);
      expect(last.poison).toHaveLength(1);
    },
  );

  it("takes nothing on trust where it proves that an order is absent", async () => {
    const exchange = scripted([ROWS["openOrders"]?.[0], { odd: true }]);
    await expect(exchange.accountData.fetchOrders({ symbol: BTC }, signal)).rejects.toBeInstanceOf(AppError);
  });

  it("of any shape gives rows or an error of ours, never another throw", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (told) => {
        for (const [, [, read]] of Object.entries(ROWS)) {
          try {
            await read(told);
          } catch (cause) {
            expect(cause).toBeInstanceOf(AppError);
            expect((cause as AppError).message).not.toMatch(UNSAFE);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("names no market that would have to be altered to be shown", async () => {
    const [good] = ROWS["openOrders"] ?? [];
    const rows = ["BTC\u202eUSDT", "BTC\u200bUSDT", "BTC\nUSDT", "B".repeat(41), "龙虾USDT"].map((symbol) => ({
      ...good,
      symbol,
    }));
    const orders = await scripted(rows).accountData.fetchOpenOrders(undefined, signal);
    expect(orders.map((order) => order.symbol)).toEqual(["龙虾USDT"]);
    expect(last.poison).toHaveLength(4);
  });
});

describe("an order that was asked for by name", () => {
  const row = { ...ROWS["openOrders"]?.[0], clientOrderId: "td-1" };
  const find = (told: unknown) => scripted(told).accountData.findOrder({ symbol: BTC, clientOrderId: ID }, signal);

  it("is the one that was asked for, or none", async () => {
    expect(await find(row)).toMatchObject({ kind: "found" });
    expect(await find({ ...row, clientOrderId: null })).toMatchObject({ kind: "found" });
    await expect(find({ ...row, clientOrderId: "td-2" })).rejects.toMatchObject({ code: "EXCHANGE_ANSWER_UNREADABLE" });
    await expect(find({ ...row, symbol: "ETHUSDT" })).rejects.toMatchObject({ code: "EXCHANGE_ANSWER_UNREADABLE" });
    await expect(find([row])).rejects.toMatchObject({ code: "EXCHANGE_ANSWER_UNREADABLE" });
  });
});

describe("the table of the exchange's codes", () => {
  it("has each code once", () => {
    expect(VENUE_CODES.size).toBe(VENUE_CODE_ROWS.length);
  });

  // Section 2 of the fact sheet, in its order.
  const sheet = [
    -1121, -1128, -2011, -2013, 26, 400, 401, 402, 403, 406, 429, 500, 503, 504, 510, 602, 10001, 10007, 10015, 10072,
    10073, 10095, 10096, 10097, 10102, 10098, 10099, 10100, 10103, 10101, 10200, 10201, 10202, 10206, 10211, 10212,
    10216, 10219, 10222, 10232, 10259, 10265, 10268, 11444, 20001, 20002, 22222, 30000, 30001, 30002, 30003, 30004,
    30005, 30010, 30014, 30021, 30016, 30018, 30019, 30020, 30025, 30026, 30027, 30028, 30029, 30032, 30041, 30087,
    33333, 44444, 60005, 70011, 700001, 700002, 700003, 700004, 700005, 700006, 700007, 700008, 700013, 730000, 730001,
    730002, 730003, 730100, 730101, 730600, 730601, 730602, 730700, 730701, 730702, 730703, 730704, 730705, 730706,
    730707, 140001, 140002, 88004, 88009, 88013, 88015,
  ];
  it("knows every documented code, and no other", () => {
    expect([...VENUE_CODES.keys()].toSorted((a, b) => a - b)).toEqual(sheet.toSorted((a, b) => a - b));
    for (const { code, hint } of VENUE_CODES.values()) {
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      expect(hint).toMatch(/\.$/);
    }
  });

  it("takes no code that can come after acceptance for a proof", () => {
    const provingAs = (proof: string) =>
      [...VENUE_CODES].filter(([, told]) => told.proof === proof).map(([code]) => code);
    const proofs = provingAs("whole");
    for (const code of [-2011, -2013, 400, 429, 500, 503, 504, 510, 10098, 11444, 20001, 20002, 22222])
      expect(proofs).not.toContain(code);
    for (const code of [10007, 30002, 30003, 700002, 700007]) expect(proofs).toContain(code);
    // Whatever the order itself may bring about, or time: told to a second delivery, it says nothing of the first.
    expect(provingAs("this-delivery")).toEqual(
      expect.arrayContaining([10073, 10101, 30004, 30005, 30016, 30025, 30029, 30032, 30087, 700003]),
    );
  });
});

function anyText() {
  return fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record({ code: fc.oneof(fc.integer(), fc.string()), msg: fc.string({ unit: "binary" }) })
      .map((it) => JSON.stringify(it)),
    fc.nat().map(String),
  );
}
