import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();

it("a sale of base that was not bought here, and a purchase right after it, leave what was bought", async () => {
  // Commands hear of fills by the exchange's list, which tells whole seconds: mostly the same one for both.
  const place = (...words: string[]) => there.line("order", "place", ...words, "--wait", "filled");
  expect((await place("sell", "BTCUSDT", "0.1")).code).toBe(0);
  expect((await place("buy", "BTCUSDT", "0.1")).code).toBe(0);
  const shown = await there.line("position", "show", "BTCUSDT", "--json");
  expect(shown.objects()).toMatchObject([{ quantity: "0.1", uncovered: "0.1" }]);
  const pnl = await there.line("portfolio", "pnl", "--json");
  expect(pnl.out).not.toMatch(/"realised":\s*"-/);
  const close = await there.line("position", "close", "BTCUSDT", "--dry-run", "--json");
  expect(close.code).toBe(0);
});
