import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import { REAL_SERVICES } from "../../src/commands/services.ts";
import { createFakeApp } from "./fake-app.ts";
import { createFakeIo } from "./fake-io.ts";
import { runLine } from "./run-line.ts";

describe("demo", () => {
  it("tells its story from the real thing: every step happens, and the order ids agree", async () => {
    const home = mkdtempSync(join(tmpdir(), "tapedeck-demo-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const { io, objects, err } = createFakeIo({ env: { TAPEDECK_HOME: home, TAPEDECK_REST_URL: "ignored" } });
    const code = await run(["demo", "--json"], { ...io, now: () => Date.now() }, REAL_SERVICES);
    expect({ code, err: err() }).toEqual({ code: 0, err: "" });
    const events = objects();
    for (const event of events) expect(event).toMatchObject({ schema: "tapedeck.demo/1", mode: "demo" });
    const steps = events.map((event) => event["step"]);
    for (const step of [
      "exchange",
      "markets",
      "account",
      "print",
      "book",
      "order",
      "fill",
      "balances",
      "open",
      "cancelled",
      "stop",
      "market",
      "fired",
      "reconcile",
      "summary",
    ])
      expect(steps).toContain(step);
    const bought = events.find((event) => event["step"] === "fill");
    const ordered = events.find((event) => event["step"] === "order");
    expect(bought).toMatchObject({ orderId: ordered?.["orderId"], side: "buy" });
    expect(events.at(-1)).toMatchObject({ step: "summary", orders: 3, stored: 3 });
  });

  it("opens the screen on the demo where there is a terminal", async () => {
    const profiles: (string | undefined)[] = [];
    const { app } = createFakeApp();
    const createApp = (options: { readonly profile?: string | undefined }) => {
      profiles.push(options.profile);
      return Promise.resolve(app);
    };
    const runTui = () => Promise.resolve(0);
    expect(await runLine(["demo"], app, { tty: true, services: { createApp, runTui } })).toMatchObject({ code: 0 });
    expect(profiles).toEqual(["demo"]);
  });

  it("ends with 1 and says which step stayed away", async () => {
    const { app } = createFakeApp();
    const { code, out, err } = await runLine(["demo"], app);
    expect(code).toBe(1);
    expect(out).toContain("failed     The account was not reconciled");
    expect(err).toContain("DEMO_FAILED");
  });
});
