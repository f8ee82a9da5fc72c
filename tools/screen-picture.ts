import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PtyScreen } from "../test/e2e/pty-screen.ts";
import { terminalSvg } from "./terminal-svg.ts";

// Draws the picture of the README from the running demo: `npm run docs:picture`.
const home = mkdtempSync(join(tmpdir(), "tapedeck-picture-"));
const screen = new PtyScreen({ args: ["demo"], env: { TAPEDECK_HOME: home, TZ: "UTC" }, columns: 160, rows: 42 });
try {
  await screen.until(/BTCUSDT · 1m/);
  await screen.until(/reconciled/);
  screen.type("b");
  await screen.until(/BUY BTCUSDT/);
  screen.type("0.05\r");
  await screen.until(/Enter sends this order/);
  screen.type("\r");
  await screen.until(/filled {2,}buy/);
  screen.type(":buy btcusdt 0.1 @ 64400\r");
  await screen.until(/BUY BTCUSDT/);
  screen.type("\r");
  await screen.until(/Enter sends this order/);
  screen.type("\r");
  await screen.until(/1 open/);
  // Let the market draw a few sparks.
  const start = Date.now();
  await screen.until(() => Date.now() - start > 12_000, "twelve seconds of market", 20_000);
  writeFileSync(join(import.meta.dirname, "../docs/market-screen.svg"), terminalSvg(screen.terminal));
} finally {
  screen.kill("SIGTERM");
  await screen.exited;
  rmSync(home, { recursive: true, force: true });
}
