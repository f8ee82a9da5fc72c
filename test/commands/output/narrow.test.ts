import { expect, it } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { useSimulator } from "../on-simulator.ts";
import { runLine } from "../run-line.ts";

const there = useSimulator();
const COLUMNS = 80;
/** As a terminal of 80 columns shows it. */
const narrow = async (...argv: readonly string[]) => {
  const options = { env: there.env(), services: { createApp }, tty: true, columns: COLUMNS };
  return (await runLine([...argv, "--no-color"], undefined, options)).out.trimEnd().split("\n");
};

it("shows at 80 columns all that matters for money and safety, within the terminal", async () => {
  await there.line("order", "place", "buy", "BTCUSDT", "0.01");
  await there.line("order", "place", "buy", "BTCUSDT", "0.00123", "@", "20000.01");
  const musts: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ["order", "ls"],
      ["SIZE", "PRICE", "FILLED", "STATE", "ORIGIN"],
    ],
    [
      ["position", "ls"],
      ["QUANTITY", "PRICE", "VALUE", "UNREALISED", "REALISED", "PROTECTION"],
    ],
    [
      ["portfolio", "pnl"],
      ["REALISED", "UNREALISED", "ROUND TRIPS", "WIN RATE", "PROFIT FACTOR"],
    ],
    [
      ["portfolio", "show"],
      ["TOTAL", "IN ORDERS", "WORTH (USDT)"],
    ],
    [
      ["portfolio", "history"],
      ["EQUITY", "KNOWN", "WITHOUT"],
    ],
  ];
  for (const [argv, titles] of musts) {
    const lines = await narrow(...argv);
    for (const title of titles) expect(lines.join("\n"), argv.join(" ")).toContain(title);
    // A sentence wraps; a table must not.
    const tables = lines.filter((line) => /^[A-Z+ ]/.test(line) && !line.startsWith("USDT: "));
    expect(Math.max(...tables.map((line) => line.length)), argv.join(" ")).toBeLessThanOrEqual(COLUMNS);
  }
  expect((await narrow("order", "ls")).at(-1)).toMatch(/^\+2 columns \(TYPE, CREATED\): widen, or --json$/);
});
