import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();

const { line } = there;
const protect = (...words: string[]) => line("position", "protect", "BTCUSDT", ...words);
it("arms what was asked for, shows it first, says that nobody guards, and takes it away", async () => {
  const planned = await protect(
    "--quantity",
    "0.01",
    "--stop",
    "-2%",
    "--target",
    "+3%:50%",
    "--target",
    "+6%",
    "--dry-run",
  );
  expect(planned.code).toBe(0);
  expect(planned.objects()).toMatchObject([
    {
      ...{ schema: "tapedeck.protection/1", mode: "demo", planned: true },
      exitNow: { type: "market", levels: expect.any(Number), dust: "0", fee: { asset: "USDT" } },
    },
  ]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);

  const armed = await protect(
    "--quantity",
    "0.01",
    "--stop",
    "-2%",
    "--target",
    "+3%:50%",
    "--target",
    "+6%",
    "--hold",
    "200",
  );
  expect(armed.code).toBe(0);
  expect(armed.objects()).toMatchObject([
    {
      planned: false,
      state: "armed",
      coverage: { kind: "quantity", quantity: "0.01" },
      trigger: "last",
      confirmation: { prints: 2, holdMs: 200 },
      exit: { kind: "market", offset: null },
      legs: [
        { legId: "sl", kind: "stop-loss", state: "live" },
        { legId: "tp1", kind: "take-profit", share: "0.5" },
        { legId: "tp2", kind: "take-profit", share: "0.5" },
      ],
      guardian: { state: "none", pid: null },
    },
  ]);
  expect(armed.err).toContain("tapedeck guard run");

  const gone = await line("position", "unprotect", "btcusdt");
  expect([gone.code, gone.objects()]).toMatchObject([0, [{ protections: [{ state: "ended" }] }]]);
  expect((await line("position", "unprotect", "btcusdt")).code).toBe(1);
});

it("refuses in words what would act at once, covers more than is held, or says nothing", async () => {
  const refusals = [
    [["--all", "--stop", "99999999"], "LEVEL_ON_WRONG_SIDE"],
    [["--all", "--target", "1"], "LEVEL_ON_WRONG_SIDE"],
    [["--all", "--stop", "1e-9"], "LEVEL_BELOW_TICK"],
    [["--all", "--stop", "0.000000001"], "LEVEL_BELOW_TICK"],
    [["--all", "--stop", "30000.001"], "LEVEL_OFF_TICK"],
    [["--stop", "-2%"], "NO_POSITION"],
    [["--quantity", "1000000", "--stop", "-2%"], "QUANTITY_NOT_HELD"],
    [["--quantity", "0.01"], "PROTECTION_EMPTY"],
    [["--stop", "-2%", "--entry", "nobody"], "ENTRY_UNKNOWN"],
    [["--stop", "-2%", "--oco", "nobody"], "LINKED_UNKNOWN"],
    [["--all", "--stop", "-2%", "--until", "2001-01-01T00:00:00Z"], "TIME_PASSED"],
  ] as const;
  for (const [words, code] of refusals) {
    const refused = await protect(...words);
    expect([words, refused.code, refused.errors()]).toMatchObject([
      words,
      5,
      [{ error: { code, notDone: "Nothing was armed." } }],
    ]);
  }
  for (const words of [
    ["--stop", "+2%"],
    ["--trail", "150%"],
    ["--activate", "+1%"],
    ["--exit", "limit"],
    ["--until", "soon"],
    ["--all", "--quantity", "1"],
  ]) {
    expect([words, (await protect(...words)).code]).toEqual([words, 2]);
  }
  expect((await protect("--all", "--stop", "-2%")).code).toBe(0);
  expect((await protect("--stop", "-3%")).errors()).toMatchObject([{ error: { code: "COVERED_ALREADY" } }]);
});

it("protects a resting sale and an entry that has not filled", async () => {
  const sale = await line("order", "place", "sell", "btcusdt", "0.01", "@", "+20%");
  const saleId = (sale.objects()[0] as { clientOrderId: string }).clientOrderId;
  const oco = await protect("--oco", saleId, "--stop", "-2%");
  expect(oco.objects()).toMatchObject([{ linkedOrderId: saleId, coverage: { kind: "quantity", quantity: "0.01" } }]);
  expect((await protect("--oco", saleId, "--stop", "-3%")).errors()).toMatchObject([
    { error: { code: "LINKED_TAKEN" } },
  ]);

  const entry = await line("order", "place", "buy", "btcusdt", "0.01", "@", "-20%");
  const entryId = (entry.objects()[0] as { clientOrderId: string }).clientOrderId;
  const bracket = await protect("--entry", entryId, "--trail", "1%", "--break-even", "+2%");
  expect(bracket.objects()).toMatchObject([
    {
      coverage: { kind: "entry", entryOrderId: entryId },
      legs: [{ kind: "trailing-stop", level: null }, { kind: "break-even" }],
    },
  ]);
  const again = await protect("--entry", entryId, "--stop", "-1%");
  expect(again.errors()).toMatchObject([{ error: { code: "ENTRY_TAKEN" } }]);
});

it("covers the position and says what is held beside it, as the account holds base that was never bought here", async () => {
  await line("order", "place", "buy", "btcusdt", "0.02");
  const planned = await protect("--stop", "-2%", "--dry-run");
  expect(planned.objects()).toMatchObject([
    {
      coverage: { kind: "quantity", quantity: "0.02" },
      scope: { of: "position", quantity: "0.02", position: "0.02", held: "1.02", notCovered: "1" },
    },
  ]);
  const shown = await protect("--stop", "-2%", "-o", "table");
  expect(shown.out).toMatch(/covers +0\.02 BTC: the position/);
  expect(shown.out).toMatch(/not covered +1 BTC that is held beside it; --quantity covers more, --all/);
  expect((await line("position", "ls")).objects()).toMatchObject([{ positions: [{ quantity: "0.02" }] }]);
});

it("says at once that a stop is too small to be sold at its level, in text and JSON", async () => {
  const armed = await protect("--quantity", "0.01", "--stop", "0.01");
  expect([armed.code, armed.objects()]).toMatchObject([0, [{ hindrances: [{ code: "STOP_TOO_SMALL" }] }]]);
  expect(armed.err).toContain("below the least");
});
