import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVenue } from "./venue.ts";
import type { Query, Reply, Row, VenueClient } from "./venue.ts";

let venue: VenueClient;

beforeAll(async () => {
  venue = await openVenue({ symbolCount: 5 });
  await venue.control("deposit", { apiKey: venue.key.apiKey, asset: "USDT", amount: "250" });
});
afterAll(() => venue[Symbol.asyncDispose]());

const ask = (method: "GET" | "POST" | "DELETE", path: string, query: Query = {}): Promise<Reply> =>
  venue.signed(method, `/api/v3/capital/${path}`, query);
const TEXT = expect.any(String) as string;

describe("§5 wallet", () => {
  it("§5 §10.23 capital/config/getall: coins with networks under both of their names", async () => {
    const { status, body } = await ask("GET", "config/getall");
    expect(status).toBe(200);
    const usdt = (body as readonly Row[]).find((row) => row["coin"] === "USDT");
    const [network] = (usdt?.["networkList"] ?? []) as readonly Row[];
    expect(network).toMatchObject({ coin: "USDT", network: TEXT, netWork: TEXT, withdrawIntegerMultiple: null });
    for (const name of ["depositEnable", "withdrawEnable", "sameAddress"])
      expect(network?.[name]).toEqual(expect.any(Boolean));
    for (const name of ["withdrawFee", "withdrawMin", "withdrawMax"]) expect(network?.[name]).toEqual(TEXT);
  });

  it.each([
    ["POST", "withdraw", { coin: "USDT", address: "T1", amount: 10, netWork: "TRX" }],
    ["POST", "withdraw/apply", { coin: "USDT", address: "T1", amount: 10, network: "TRX" }],
    ["DELETE", "withdraw", { id: "1" }],
  ] as const)("§5 %s %s: money cannot leave", async (method, path, query) => {
    expect(await ask(method, path, query)).toMatchObject({ status: 400, body: { code: 700007 } });
  });

  it("§5 deposit/hisrec: what was deposited in the last seven days, with a status and a count of confirmations", async () => {
    const { body } = await ask("GET", "deposit/hisrec", { coin: "USDT" });
    const [row] = body as readonly Row[];
    expect(row).toMatchObject({
      amount: "250",
      coin: expect.stringContaining("USDT") as string,
      address: TEXT,
      txId: TEXT,
    });
    expect(row?.["status"]).toEqual(expect.any(Number));
    expect(row?.["insertTime"]).toEqual(expect.any(Number));
    const DAY = 86_400_000;
    const now = venue.now();
    const wide = await ask("GET", "deposit/hisrec", { startTime: now - 8 * DAY, endTime: now });
    expect(wide.status).toBe(400);
    const old = await ask("GET", "deposit/hisrec", { startTime: now - 95 * DAY, endTime: now - 91 * DAY });
    expect(old).toMatchObject({ status: 400, body: { code: 400, msg: expect.stringContaining("90 days") as string } });
  });

  it("§5 withdraw/history and withdraw/address are there and empty", async () => {
    expect((await ask("GET", "withdraw/history")).body).toEqual([]);
    expect((await ask("GET", "withdraw/address")).body).toMatchObject({ data: [], totalRecords: 0, page: 1 });
  });

  it.each(["GET", "POST"] as const)("§5 %s deposit/address: an address for each network", async (method) => {
    const query = method === "GET" ? { coin: "USDT" } : { coin: "USDT", network: "TRX" };
    const { status, body } = await ask(method, "deposit/address", query);
    expect(status, JSON.stringify(body)).toBe(200);
    for (const row of body as readonly Row[]) expect(row).toMatchObject({ coin: "USDT", network: TEXT, address: TEXT });
    expect((body as readonly Row[]).length).toBeGreaterThan(0);
  });

  it("§5 transfer: between SPOT and FUTURES, in upper case; a list, or an object by switch; told afterwards", async () => {
    const way = { fromAccountType: "SPOT", toAccountType: "FUTURES", asset: "USDT", amount: "40" };
    const free = async () => {
      const { body } = await venue.signed("GET", "/api/v3/account");
      return Number(((body as Row)["balances"] as readonly Row[]).find((row) => row["asset"] === "USDT")?.["free"]);
    };
    const before = await free();
    const { body } = await ask("POST", "transfer", way);
    expect(body).toEqual([{ tranId: TEXT }]);
    expect(await free()).toBe(before - 40);
    const tranId = String((body as readonly Row[])[0]?.["tranId"]);
    const pair = { fromAccountType: "SPOT", toAccountType: "FUTURES" };
    const { rows, total } = (await ask("GET", "transfer", pair)).body as Row;
    expect(total).toBe(1);
    expect((rows as readonly Row[])[0]).toMatchObject({ tranId, asset: "USDT", amount: "40" });
    expect((await ask("GET", "transfer/tranId", { tranId })).body).toMatchObject({ tranId });
    await venue.withSwitches({ "transfer-answer": "object" }, async () => {
      const back = { ...way, fromAccountType: "FUTURES", toAccountType: "SPOT" };
      expect((await ask("POST", "transfer", back)).body).toEqual({ tranId: TEXT });
    });
    expect(await free()).toBe(before);
    const lower = await ask("POST", "transfer", { ...way, fromAccountType: "spot" });
    expect(lower).toMatchObject({ status: 400, body: { code: 700008 } });
    expect(await ask("POST", "transfer", { ...way, amount: "900000000" })).toMatchObject({ body: { code: 10101 } });
    expect(await ask("POST", "transfer", { ...way, amount: "0" })).toMatchObject({ body: { code: 10102 } });
  });

  it.each([
    [10095, "no amount", { amount: undefined }],
    [10096, "an amount of too many decimals", { amount: `0.${"1".repeat(30)}` }],
    [10097, "an amount that is none", { amount: "much" }],
    [10101, "more than there is", { amount: "900000000" }],
    [10102, "an amount of nothing", { amount: "0" }],
    [10103, "a wallet there is not", { toAccountType: "MARGIN" }],
    [10222, "no currency", { asset: undefined }],
    [33333, "from a wallet to itself", { toAccountType: "SPOT" }],
    [700008, "a wallet in lower case", { fromAccountType: "spot" }],
  ])("§2 %i: a transfer of %s", async (code, _what, wrong) => {
    const way = { fromAccountType: "SPOT", toAccountType: "FUTURES", asset: "USDT", amount: "1" };
    expect(await ask("POST", "transfer", { ...way, ...wrong })).toMatchObject({ status: 400, body: { code } });
  });

  it("§2 22222: a transfer nobody made", async () => {
    expect(await ask("GET", "transfer/tranId", { tranId: "none" })).toMatchObject({
      status: 400,
      body: { code: 22222, msg: "record does not exist" },
    });
  });

  it("§2 700007: nothing goes to another user", async () => {
    const gift = { toAccountType: "UID", toAccount: "1", asset: "USDT", amount: "1" };
    expect(await ask("POST", "transfer/internal", gift)).toMatchObject({ status: 400, body: { code: 700007 } });
    expect((await ask("GET", "transfer/internal")).body).toMatchObject({ data: [], totalRecords: 0 });
  });

  it("§5 convert: dust to MX, at most 15 assets", async () => {
    const { status, body } = await ask("GET", "convert/list");
    expect(status).toBe(200);
    expect(body).toBeInstanceOf(Array);
    const many = Array.from({ length: 16 }, (_, at) => `A${at}`).join(",");
    expect((await ask("POST", "convert", { asset: many })).status).toBe(400);
    const refused = await ask("POST", "convert", { asset: "USDT" });
    expect(refused.body).toMatchObject({ successList: [], failedList: [{ asset: "USDT", code: 30021 }] });
    expect((await ask("GET", "convert")).status).toBe(200);
  });
});
