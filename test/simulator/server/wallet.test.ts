import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

const DAY_MS = 86_400_000;
let now = Date.now();
let simulator: RunningSimulator;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  simulator = await startSimulator({ symbolCount: 12, now: () => now, manual: true });
  client = createClient(simulator, () => now);
});
afterEach(() => client.control("reset", {}));
afterAll(() => simulator.close());

const ask = async (method: string, path: string, query = "") =>
  (await client.signed(method, `/capital${path}`, query)).body;
const deposit = (asset: string, amount: string) =>
  client.control("deposit", { apiKey: simulator.apiKey, asset, amount });
const ledger = async () =>
  (await client.control("ledger")).body as Record<
    "accounts" | "futures",
    Readonly<Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>>
  >;
const text: unknown = expect.any(String);

describe("coins and addresses (fact sheet 5)", () => {
  it("come with both spellings of their networks", async () => {
    const coins = (await ask("GET", "/config/getall")) as readonly {
      readonly coin: string;
      readonly networkList: unknown[];
    }[];
    expect(coins.map(({ coin }) => coin)).toEqual(expect.arrayContaining(["BTC", "USDT", "MX", "龙虾"]));
    expect(coins.find(({ coin }) => coin === "MX")).toMatchObject({ name: "MX Token", Name: "MX Token" });
    expect(coins.find(({ coin }) => coin === "MX")?.networkList).toEqual([
      {
        coin: "MX",
        name: "MX Token",
        network: "BEP20(BSC)",
        netWork: "BSC",
        contract: "xtokens",
        depositEnable: true,
        withdrawEnable: false,
        minConfirm: expect.any(Number) as unknown,
        withdrawFee: text,
        withdrawMin: text,
        withdrawMax: text,
        withdrawIntegerMultiple: null,
        sameAddress: false,
        withdrawTips: text,
        depositTips: null,
        depositDesc: null,
        depositPreConfirms: expect.any(Number) as unknown,
      },
    ]);
  });

  it("give the same address for a network every time, asked for or made", async () => {
    const query = "coin=MX&network=BEP20%28BSC%29";
    const addresses = await ask("GET", "/deposit/address", query);
    expect(addresses).toEqual([
      { coin: "MX", network: "BEP20(BSC)", address: expect.stringMatching(/^0x[0-9a-f]{40}$/) as unknown, memo: null },
    ]);
    expect(await ask("POST", "/deposit/address", query)).toEqual(addresses);
    expect(await ask("GET", "/deposit/address", "coin=USDT")).toHaveLength(2);
    expect(await ask("GET", "/deposit/address", "coin=NOPE")).toMatchObject({ code: 33333 });
  });
});

describe("deposits", () => {
  it("are in the history, newest first, of the last seven days unless asked otherwise", async () => {
    await deposit("MX", "7");
    now += 8 * DAY_MS;
    await deposit("MX", "8.5");
    const rows = await ask("GET", "/deposit/hisrec", "coin=MX");
    expect(rows).toEqual([
      {
        amount: "8.5",
        coin: "MX",
        network: "BEP20(BSC)",
        status: 5,
        address: text,
        txId: text,
        insertTime: now,
        unlockConfirm: text,
        confirmTimes: expect.stringMatching(/^\d+$/) as unknown,
        memo: null,
      },
    ]);
    const older = `coin=MX&startTime=${String(now - 9 * DAY_MS)}&endTime=${String(now - 7 * DAY_MS)}`;
    expect(await ask("GET", "/deposit/hisrec", older)).toMatchObject([{ amount: "7" }]);
    expect(await ask("GET", "/deposit/hisrec", "coin=MX&status=7")).toEqual([]);
  });

  it("cannot be asked for over more than seven days, or from more than ninety days ago", async () => {
    const wide = `startTime=${String(now - 8 * DAY_MS)}`;
    expect(await ask("GET", "/deposit/hisrec", wide)).toMatchObject({ code: 400 });
    const old = `startTime=${String(now - 91 * DAY_MS)}&endTime=${String(now - 90 * DAY_MS)}`;
    expect(await ask("GET", "/deposit/hisrec", old)).toEqual({
      code: 400,
      msg: "The start time cannot be earlier than 90 days",
    });
  });
});

describe("withdrawals", () => {
  it.each([
    ["POST", "/withdraw"],
    ["POST", "/withdraw/apply"],
    ["DELETE", "/withdraw"],
    ["POST", "/transfer/internal"],
  ])("%s %s is never permitted, whatever the key may do (700007)", async (method, path) => {
    const permissions = ["SPOT_ACCOUNT_READ", "SPOT_WITHDRAW_READ", "SPOT_WITHDRAW_WRITE"];
    await client.control("keys", { apiKey: simulator.apiKey, permissions });
    const before = await ledger();
    expect(await ask(method, path, "coin=USDT&amount=1&address=x")).toMatchObject({ code: 700007 });
    expect(await ledger()).toEqual(before);
  });

  it("by hand are in the history, with what left the account", async () => {
    const { apiKey } = simulator;
    const before = (await ledger()).accounts[apiKey]?.["USDT"]?.free ?? "";
    const taken = await client.control("withdraw", { apiKey, asset: "USDT", amount: "12.5" });
    expect(taken.body).toEqual({ ok: true });
    expect((await ledger()).accounts[apiKey]?.["USDT"]?.free).toBe(String(Number(before) - 12.5));
    expect(await ask("GET", "/withdraw/history", "coin=USDT")).toMatchObject([
      { id: text, coin: "USDT", amount: "12.5", status: 7, transactionFee: "0", applyTime: now, transferType: 0 },
    ]);
    expect(await ask("GET", "/withdraw/history", "coin=USDT&status=9")).toEqual([]);
    const more = await client.control("withdraw", { apiKey, asset: "USDT", amount: "100000000" });
    expect(more.status).toBe(400);
  });

  it("have an empty history and no addresses", async () => {
    expect(await ask("GET", "/withdraw/history")).toEqual([]);
    expect(await ask("GET", "/withdraw/address")).toEqual({ data: [], totalRecords: 0, page: 1, totalPageNum: 0 });
    expect(await ask("GET", "/transfer/internal")).toMatchObject({ totalRecords: 0, data: [] });
  });
});

describe("transfers", () => {
  const OUT = "fromAccountType=SPOT&toAccountType=FUTURES";
  const BACK = "fromAccountType=FUTURES&toAccountType=SPOT";

  it("move money to the futures wallet and back, and nothing is lost", async () => {
    const sent = (await ask("POST", "/transfer", `${OUT}&asset=USDT&amount=1000.5`)) as readonly {
      readonly tranId: string;
    }[];
    expect(sent).toEqual([{ tranId: text }]);
    const { apiKey } = simulator;
    let truth = await ledger();
    expect([truth.accounts[apiKey]?.["USDT"]?.free, truth.futures[apiKey]?.["USDT"]?.free]).toEqual([
      "98999.5",
      "1000.5",
    ]);
    await client.control("switches", { "transfer-answer": "object" });
    expect(await ask("POST", "/transfer", `${BACK}&asset=USDT&amount=1000.5`)).toEqual({ tranId: text });
    truth = await ledger();
    expect([truth.accounts[apiKey]?.["USDT"]?.free, truth.futures[apiKey]?.["USDT"]?.free]).toEqual(["100000", "0"]);
    expect(Object.keys(truth.accounts)).toEqual([apiKey]);

    const tranId = sent[0]?.tranId ?? "";
    const shown = { tranId, asset: "USDT", amount: "1000.5", fromAccountType: "SPOT", toAccountType: "FUTURES" };
    expect(await ask("GET", "/transfer", OUT)).toMatchObject({ rows: [shown], total: 1 });
    expect(await ask("GET", "/transfer/tranId", `tranId=${tranId}`)).toMatchObject({ ...shown, status: "SUCCESS" });
    expect(await ask("GET", "/transfer/tranId", "tranId=0")).toMatchObject({ code: 22222 });
  });

  it.each([
    [`${OUT}&asset=USDT&amount=100000.01`, 10101],
    [`${BACK}&asset=USDT&amount=1`, 10101],
    [`${OUT}&asset=USDT`, 10095],
    [`${OUT}&asset=USDT&amount=1.0000000000000000001`, 10096],
    [`${OUT}&asset=USDT&amount=much`, 10097],
    [`${OUT}&asset=USDT&amount=0`, 10102],
    [`${OUT}&amount=1`, 10222],
    ["fromAccountType=spot&toAccountType=FUTURES&asset=USDT&amount=1", 700008],
    ["fromAccountType=SPOT&toAccountType=MARGIN&asset=USDT&amount=1", 10103],
    ["fromAccountType=SPOT&toAccountType=SPOT&asset=USDT&amount=1", 33333],
  ])("%s is refused with %d", async (query, code) => {
    const before = await ledger();
    expect(await ask("POST", "/transfer", query)).toMatchObject({ code });
    expect(await ledger()).toEqual(before);
  });
});

describe("dust", () => {
  it("becomes MX at the market's price, less a fiftieth, and larger holdings stay", async () => {
    await client.control("reset", {});
    await deposit("ADA", "2");
    await deposit("XRP", "1000");
    expect(await ask("GET", "/convert/list")).toMatchObject([{ asset: "ADA", balance: "2", convertMx: text }]);
    const list = encodeURIComponent("ADA,XRP");
    const done = (await ask("POST", "/convert", `asset=${list}`)) as Readonly<Record<string, unknown>>;
    expect(done).toMatchObject({ successList: ["ADA"], failedList: [{ asset: "XRP" }] });
    const balances = (await ledger()).accounts[simulator.apiKey];
    expect([balances?.["ADA"]?.free, balances?.["XRP"]?.free]).toEqual(["0", "1000"]);
    expect(balances?.["MX"]?.free).toBe(done["totalConvert"]);
    expect(await ask("GET", "/convert")).toMatchObject({
      data: [{ totalConvert: done["totalConvert"] }],
      totalRecords: 1,
    });
    const many = encodeURIComponent(Array.from({ length: 16 }, (_, at) => `A${String(at)}`).join(","));
    expect(await ask("POST", "/convert", `asset=${many}`)).toMatchObject({ code: 33333 });
  });
});

describe("the account (fact sheet 4.7)", () => {
  it("leaves empty balances out, or shows them", async () => {
    const assets = async () =>
      (
        (await client.signed("GET", "/account")).body as { readonly balances: readonly { readonly asset: string }[] }
      ).balances.map(({ asset }) => asset);
    await ask("POST", "/transfer", "fromAccountType=SPOT&toAccountType=FUTURES&asset=ETH&amount=10");
    expect(await assets()).toEqual(["USDT", "BTC"]);
    await client.control("switches", { "zero-balances": "shown" });
    expect(await assets()).toEqual(["USDT", "BTC", "ETH"]);
  });
});

it("histories and the futures wallet outlive a restart with a state file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sim-wallet-"));
  const options = { symbolCount: 2, now: () => now, manual: true, statePath: join(folder, "state.ndjson") };
  try {
    const first = await startSimulator(options);
    await createClient(first, () => now).signed(
      "POST",
      "/capital/transfer",
      "fromAccountType=SPOT&toAccountType=FUTURES&asset=USDT&amount=5",
    );
    await first.close();
    const second = await startSimulator(options);
    const again = createClient(second, () => now);
    expect((await again.control("ledger")).body).toMatchObject({
      futures: { [second.apiKey]: { USDT: { free: "5" } } },
    });
    const history = await again.signed("GET", "/capital/transfer", "fromAccountType=SPOT&toAccountType=FUTURES");
    expect(history.body).toMatchObject({ total: 1 });
    expect((await again.signed("GET", "/capital/deposit/hisrec")).body).toHaveLength(3);
    await second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
