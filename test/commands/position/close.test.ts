import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();

/** The account holds base that was never bought here. */
const { line } = there;
const protect = (...words: string[]) => line("position", "protect", "BTCUSDT", ...words);
const close = (...words: string[]) => line("position", "close", "btcusdt", ...words);
async function placed(...words: string[]): Promise<string> {
  const result = await line("order", "place", ...words);
  return (result.objects()[0] as { clientOrderId: string }).clientOrderId;
}

it("sells the position that position ls shows and no more, and takes its protection away with the proof", async () => {
  expect((await close()).errors()).toMatchObject([{ error: { code: "NOTHING_TO_SELL" } }]);
  await placed("buy", "btcusdt", "0.02");
  expect((await line("position", "ls")).objects()).toMatchObject([{ positions: [{ quantity: "0.02" }] }]);
  expect((await protect("--quantity", "0.02", "--stop", "-2%")).code).toBe(0);
  const closed = await close();
  expect([closed.code, closed.objects()]).toMatchObject([0, [{ side: "sell", state: "filled", quantity: "0.02" }]]);
  expect((await line("position", "ls")).objects()).toMatchObject([{ positions: [] }]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);
});

it("sells what was not bought here only when told so, and confirmed", async () => {
  await placed("buy", "btcusdt", "0.02");
  const asked = await close("--all");
  expect([asked.code, asked.errors()]).toMatchObject([2, [{ error: { code: "CONFIRMATION_NEEDED" } }]]);
  expect(asked.err).toContain("and the position is 0.02");
  expect((await line("position", "ls")).objects()).toMatchObject([{ positions: [{ quantity: "0.02" }] }]);
  expect((await close("--all", "--yes")).code).toBe(0);
  expect((await close("--all", "--yes")).errors()).toMatchObject([{ error: { code: "NOTHING_TO_SELL" } }]);
});

it("leaves the stop of a sale that still rests, and of base it did not sell, and says so", async () => {
  const saleId = await placed("sell", "btcusdt", "50%", "@", "+20%");
  expect((await protect("--oco", saleId, "--stop", "-2%")).code).toBe(0);
  const closed = await close("--all", "--yes");
  expect([closed.code, closed.errors()]).toMatchObject([9, [{ error: { code: "PROTECTIONS_STAY" } }]]);
  expect(closed.err).toContain(`its sale ${saleId} still rests`);
  const gone = await line("position", "unprotect", "btcusdt");
  expect([gone.code, gone.objects()]).toMatchObject([0, [{ protections: [{ linkedOrderId: saleId }] }]]);
});

it("leaves the stop over all that is held while something is held", async () => {
  await placed("buy", "btcusdt", "0.02");
  expect((await protect("--all", "--stop", "-2%")).code).toBe(0);
  const closed = await close();
  expect([closed.code, closed.errors()]).toMatchObject([9, [{ error: { code: "PROTECTIONS_STAY" } }]]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(0);
});

it("leaves the bracket of an entry that may still buy; with --cancel-orders both end", async () => {
  const entryId = await placed("buy", "btcusdt", "0.01", "@", "-5%", "sl", "-2%");
  await placed("buy", "btcusdt", "0.02");
  const closed = await close();
  expect([closed.code, closed.errors()]).toMatchObject([9, [{ error: { code: "PROTECTIONS_STAY" } }]]);
  expect(closed.err).toContain(`its entry ${entryId} may still buy`);
  expect((await line("order", "show", entryId)).objects()).toMatchObject([{ state: "open" }]);

  await placed("buy", "btcusdt", "0.02");
  expect((await close("--cancel-orders")).code).toBe(0);
  expect((await line("order", "show", entryId)).objects()).toMatchObject([{ state: "cancelled" }]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);
});

it("takes a resting sale back first with --cancel-orders, and its stop away with the proof", async () => {
  const saleId = await placed("sell", "btcusdt", "100%", "@", "+20%");
  expect((await protect("--oco", saleId, "--stop", "-2%")).code).toBe(0);
  const held = await close("--all");
  expect([held.code, held.errors()]).toMatchObject([5, [{ error: { code: "NOTHING_TO_SELL" } }]]);
  const plan = await close("--all", "--cancel-orders", "--dry-run");
  expect(plan.objects()).toMatchObject([
    { schema: "tapedeck.close-plan/1", cancels: [saleId], disarms: [expect.any(String)], stays: [] },
  ]);

  const closed = await close("--all", "--cancel-orders", "--yes");
  expect([closed.code, closed.objects()]).toMatchObject([0, [{ side: "sell", type: "market", state: "filled" }]]);
  expect((await line("order", "show", saleId)).objects()).toMatchObject([{ state: "cancelled" }]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);
});

it("sells the part of the position that no sale of its own sells, names what holds the rest, and exits with 9", async () => {
  await placed("buy", "btcusdt", "0.02");
  const saleId = await placed("sell", "btcusdt", "0.01", "@", "+20%");
  const plan = await close("--dry-run");
  expect(plan.objects()).toMatchObject([
    {
      position: "0.02",
      sells: "0.01",
      whole: false,
      keeps: [
        { quantity: "0.01", because: "sale", clientOrderId: saleId },
        { quantity: "1", because: "beside", why: "not in the position once its open sales are filled" },
      ],
      steps: expect.arrayContaining([expect.objectContaining({ step: "slippage" })]),
    },
  ]);
  const closed = await close();
  expect([closed.code, closed.objects()]).toMatchObject([9, [{ state: "filled", quantity: "0.01" }]]);
  expect(closed.errors()).toMatchObject([{ error: { code: "POSITION_STAYS" } }]);
  expect(closed.err).toContain(`0.01 BTC held by the sale ${saleId}`);
  // All that was confirmed is sold: what stays was never in the position, and is not called anything else.
  expect(closed.err).toContain("1 BTC not in the position");
  expect(closed.err).not.toContain("confirmed");
});

it("says at arming, and in the badge, that a stop over base which a sale holds could sell nothing", async () => {
  await placed("buy", "btcusdt", "0.02");
  const saleId = await placed("sell", "btcusdt", "100%", "@", "+20%");
  const armed = await protect("--all", "--stop", "-2%");
  expect([armed.code, armed.objects()]).toMatchObject([0, [{ hindrances: [{ code: "BASE_LOCKED" }] }]]);
  expect(armed.err).toContain("None of the 1.02 BTC can be sold as things stand");
  expect(armed.err).toContain(`--oco ${saleId}`);
  const [shown] = (await line("position", "show", "btcusdt")).objects();
  expect(shown).toMatchObject({
    protection: { state: "unprotected", reasons: expect.arrayContaining([expect.stringContaining(`--oco ${saleId}`)]) },
  });
});
