import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const { line } = useSimulator();
const buy = (...exits: string[]) => line("order", "place", "buy", "btcusdt", "0.01", ...exits);

it("tells the levels of a bracket wherever its order and its position are told", async () => {
  const placed = await buy("tp", "+3%", "sl", "10000");
  expect(placed.code).toBe(0);
  const legs = [
    { legId: "sl", kind: "stop-loss", level: "10000", state: "live" },
    { legId: "tp1", kind: "take-profit", level: expect.stringMatching(/^\d+/) as string, share: "1" },
  ];
  expect(placed.objects()).toMatchObject([{ protection: { part: "entry", state: "armed", legs, hindrances: [] } }]);
  const { clientOrderId } = placed.objects()[0] as { clientOrderId: string };
  expect((await line("order", "show", clientOrderId)).objects()).toMatchObject([{ protection: { legs } }]);
  expect((await line("position", "ls")).objects()).toMatchObject([
    { positions: [{ protection: { armed: [{ coverage: { kind: "entry", entryOrderId: clientOrderId }, legs }] } }] },
  ]);
});

it("denies a level off the tick and buys nothing; --round takes the one on it", async () => {
  const denied = await buy("sl", "10000.001");
  expect([denied.code, denied.errors()]).toMatchObject([
    5,
    [{ error: { code: "LEVEL_OFF_TICK", notDone: "No order was sent." } }],
  ]);
  const tested = await line("order", "test", "buy", "btcusdt", "0.01", "sl", "10000.001");
  expect([tested.code, tested.errors()]).toMatchObject([5, [{ error: { code: "LEVEL_OFF_TICK" } }]]);
  expect((await line("position", "ls")).objects()).toMatchObject([{ positions: [] }]);
  const rounded = await buy("sl", "10000.001", "--round");
  expect(rounded.objects()).toMatchObject([{ protection: { legs: [{ level: "10000.01" }] } }]);
});

it("never moves a level up to the tick, however it is asked", async () => {
  for (const more of [[], ["--round"], ["--explain"]]) {
    const denied = await buy("sl", "0.000000001", ...more);
    expect([more, denied.code, denied.errors()]).toMatchObject([
      more,
      5,
      [{ error: { code: "LEVEL_BELOW_TICK", message: expect.stringContaining("0.01 USDT") as string } }],
    ]);
  }
});

it("says when the order leaves that its stop is too small to be sold", async () => {
  const placed = await buy("sl", "0.01");
  expect([placed.code, placed.objects()]).toMatchObject([
    0,
    [{ protection: { hindrances: [{ code: "STOP_TOO_SMALL" }] } }],
  ]);
  expect(placed.err).toContain("below the least");
});
