import { expect, test } from "vitest";
import { linesMatching, trackedCode } from "./tracked-files.ts";

/** The paths of the exchange that move money out, or to other wallets and users. */
const MOVES_MONEY = /capital\/|\/(withdraw|transfer|convert)\b|["'`](withdraw|transfer)\//i;

test("nothing in the product can withdraw or transfer; only the simulator answers those who ask", () => {
  const product = trackedCode().filter((file) => file.startsWith("src/") && !file.startsWith("src/simulator/"));
  expect(product.length).toBeGreaterThan(100);
  expect(linesMatching(product, MOVES_MONEY)).toEqual([]);
});

test("the pattern would find what it looks for", () => {
  for (const path of ["/api/v3/capital/withdraw", "capital/transfer/internal", '"withdraw/apply"', "/withdraw"]) {
    expect(path).toMatch(MOVES_MONEY);
  }
  expect('has("WITHDRAW", "WRITE"), SPOT_WITHDRAW_WRITE').not.toMatch(MOVES_MONEY);
});
