import { expect, test } from "vitest";
import { costOf, REQUEST_COSTS } from "../../src/adapters/mexc/rest/request-cost.ts";
import { ENDPOINTS } from "../../src/simulator/server/route-table.ts";
import { linesMatching, trackedCode } from "./tracked-files.ts";

/** The paths of the exchange that move money out, or to other wallets and users; the name of a file of ours is none. */
const MOVES_MONEY = /capital\/|\/(withdraw|transfer|convert)\b(?![\w-]*\.ts")|["'`](withdraw|transfer)\/(?!history)/i;

/** The one call that reads what moved, and its three lists. Whoever needs more changes this test first. */
const READS = [
  'src/adapters/mexc/rest/request-cost.ts ["GET /api/v3/capital/deposit/hisrec", 10],',
  'src/adapters/mexc/rest/request-cost.ts ["GET /api/v3/capital/transfer", 1],',
  'src/adapters/mexc/rest/request-cost.ts ["GET /api/v3/capital/withdraw/history", 1],',
  'src/adapters/mexc/rest/transfer-history.ts { method: "GET", path: `/api/v3/capital/${list}`, params, signed: true, signal, lane: "history" },',
];

test("nothing in the product can withdraw or transfer; only the simulator answers those who ask", () => {
  const product = trackedCode().filter((file) => file.startsWith("src/") && !file.startsWith("src/simulator/"));
  expect(product.length).toBeGreaterThan(100);
  const found = linesMatching(product, MOVES_MONEY).map((line) => line.replace(/:\d+ /, " "));
  expect(found.toSorted()).toEqual(READS);
});

test("a request that would move money has no cost, and what has none cannot be sent", () => {
  const moving = ENDPOINTS.filter(({ method, path }) => method !== "GET" && /capital|withdraw|transfer/.test(path));
  expect(moving.length).toBeGreaterThan(5);
  for (const { method, path } of moving) {
    if (method === "GET") continue;
    expect(() => costOf(method, path, true), `${method} ${path}`).toThrow("nobody has written down");
  }
  const ours = [...REQUEST_COSTS.keys()].filter((request) => MOVES_MONEY.test(request));
  expect(ours.map((request) => request.split(" ")[0])).toEqual(["GET", "GET", "GET"]);
});

test("the pattern would find what it looks for", () => {
  for (const path of ["/api/v3/capital/withdraw", "capital/transfer/internal", '"withdraw/apply"', "/withdraw"]) {
    expect(path).toMatch(MOVES_MONEY);
  }
  expect('has("WITHDRAW", "WRITE"), SPOT_WITHDRAW_WRITE').not.toMatch(MOVES_MONEY);
  expect('from "../../core/domain/transfer.ts"').not.toMatch(MOVES_MONEY);
});
