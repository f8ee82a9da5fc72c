import { expect, it } from "vitest";
import { createClient } from "../../simulator/server/signed-client.ts";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();
const { line } = there;
const client = () => createClient(there.simulator);
const deposit = (asset: string, amount: string) =>
  client().control("deposit", { apiKey: there.simulator.apiKey, asset, amount });
interface Told {
  readonly clean: boolean;
  readonly differences: readonly { readonly kind: string; readonly outcome: string; readonly next: string | null }[];
  readonly balances: {
    readonly addsUp?: boolean;
    readonly unknown: string | null;
    readonly changes: readonly object[];
  };
}
const told = (ended: Awaited<ReturnType<typeof line>>) => ended.objects()[0] as unknown as Told;
/** What of the balances' own differences a reconcile names. */
const named = (ended: Awaited<ReturnType<typeof line>>) =>
  told(ended).differences.filter(({ kind }) => kind === "transfer-seen" || kind === "balance-unexplained");

it("explains the balances by fills, and by a deposit that it names and that needs nobody", async () => {
  const first = await line("reconcile");
  expect([first.code, told(first).balances.unknown]).toMatchObject([0, expect.stringContaining("first balances")]);
  expect((await line("order", "place", "buy", "BTCUSDT", "0.01")).code).toBe(0);
  await deposit("USDT", "250");
  const second = await line("reconcile");
  expect([second.code, told(second).clean]).toEqual([0, true]);
  expect(named(second)).toMatchObject([
    { kind: "transfer-seen", outcome: "settled", theirs: expect.stringContaining("deposit of 250 USDT") },
  ]);
  expect(told(second).balances).toMatchObject({
    addsUp: true,
    changes: expect.arrayContaining([
      expect.objectContaining({ asset: "BTC", traded: "0.01", unexplained: "0" }),
      expect.objectContaining({ asset: "USDT", transferred: "250", unexplained: "0" }),
    ]),
  });
  // Told once: the next proof begins where this one added up.
  const third = await line("reconcile");
  expect([third.code, named(third)]).toEqual([0, []]);
});

it("names what nothing explains, calls for a person until one takes it over, and goes on from there", async () => {
  await deposit("SOL", "0.01");
  expect((await line("reconcile")).code).toBe(0);
  const { body } = await client().signed("POST", "/capital/convert", "asset=SOL");
  expect(body).toMatchObject({ successList: ["SOL"] });
  const found = await line("reconcile");
  expect([found.code, told(found).clean]).toEqual([9, false]);
  expect(named(found)).toMatchObject([
    { kind: "balance-unexplained", subject: "MX", outcome: "needs-person" },
    {
      kind: "balance-unexplained",
      action: "investigate",
      subject: "SOL",
      outcome: "needs-person",
      result: expect.stringContaining("-0.01 SOL: no fill and no transfer took it"),
      next: "tapedeck reconcile --accept-balances",
    },
  ]);
  expect((await line("reconcile", "--accept-balances")).code).toBe(2);
  const accepted = await line("reconcile", "--accept-balances", "--yes");
  expect([accepted.code, named(accepted)]).toMatchObject([0, [{ outcome: "settled" }, { outcome: "settled" }]]);
  const after = await line("reconcile");
  expect([after.code, told(after).clean, named(after)]).toEqual([0, true, []]);
  // The limits of the exchange are kept here as everywhere, and the lists cost much of them.
}, 90_000);

it("is a table of assets at a terminal", async () => {
  await line("reconcile");
  await deposit("USDT", "250");
  const { out } = await line("reconcile", "-o", "table");
  expect(out).toMatch(/balances\s+add up to the last unit, since /);
  expect(out).toMatch(/USDT .*\+250 /);
});
