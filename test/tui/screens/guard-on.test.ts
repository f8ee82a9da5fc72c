import { afterEach, describe, expect, it } from "vitest";
import type { BackgroundGuard, Guarding } from "../../../src/app/guarding.ts";
import { protectionsRead } from "../../../src/app/store/trading-slice.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createFakeApp } from "../../commands/fake-app.ts";
import { protectionSample } from "../../core/domain/samples.ts";
import { createHeadlessTerminal } from "./headless-terminal.ts";

const open: { readonly type: (keys: string) => void; readonly ended: Promise<number> }[] = [];
afterEach(async () => {
  for (const { type, ended } of open.splice(0)) {
    type("qn");
    expect(await ended).toBe(0);
  }
});

const STARTED: BackgroundGuard = { pid: 4711, isHolder: false, holderPid: 1, outputFile: "guard.ndjson", waitsFor: [] };

function show(over: Partial<Guarding> = {}) {
  const fake = createFakeApp();
  const guarding: Guarding = { ...fake.app.guarding, isHolder: true, ...over };
  const app = { ...fake.app, guarding };
  app.store.dispatch(protectionsRead([protectionSample()]));
  const terminal = createHeadlessTerminal(120, 30);
  const ended = runTui(app, terminal.terminal);
  const text = async () => (await terminal.screen()).join("\n").replaceAll(/\s+/g, " ");
  return { ...terminal, ended, text };
}

describe("leaving a console that guards", () => {
  it("asks first, names what would be unprotected, and stays for Enter", async () => {
    const screen = show({ startInBackground: () => Promise.resolve(STARTED) });
    open.push(screen);
    screen.type("q");
    await expect.poll(screen.text).toContain("This console guards what is protected");
    await expect.poll(screen.text).toContain("BTCUSDT sl stop at 60000");
    await expect.poll(screen.text).toContain("y goes on guarding in the background");
    await expect.poll(screen.text).toContain("from then on all of this is UNPROTECTED");
    screen.type("\r");
    await expect.poll(screen.text).not.toContain("This console guards");
  });

  it("leaves for y only once the one in the background is there", async () => {
    const started = Promise.withResolvers<BackgroundGuard>();
    let hasLeft = false;
    const screen = show({ startInBackground: () => started.promise });
    void screen.ended.then(() => (hasLeft = true));
    screen.type("qy");
    await expect.poll(screen.text).toContain("Starting a guardian in the background");
    expect(hasLeft).toBe(false);
    started.resolve(STARTED);
    expect(await screen.ended).toBe(0);
  });

  it("stays when the one in the background does not start, and says why", async () => {
    const fault = new AppError({
      code: "GUARD_NOT_STARTED",
      message: "It ended with 3.",
      exitCode: EXIT_CODES.failure,
    });
    const screen = show({ startInBackground: () => Promise.reject(fault) });
    open.push(screen);
    screen.type("qy");
    await expect.poll(screen.text).toContain("This console stays, and guards: It ended with 3.");
  });

  it("leaves for n", async () => {
    const screen = show({ startInBackground: () => Promise.resolve(STARTED) });
    screen.type("qn");
    expect(await screen.ended).toBe(0);
  });

  it("says that nothing can go on where the exchange ends with the console", async () => {
    const screen = show();
    open.push(screen);
    screen.type("q");
    await expect.poll(screen.text).toContain("The simulated exchange ends with this console");
    await expect.poll(screen.text).not.toContain("y goes on guarding");
    screen.type("y");
    await expect.poll(screen.text).toContain("so nothing can go on in the background");
  });

  it("does not ask while another process guards", async () => {
    const screen = show({ isHolder: false });
    screen.type("q");
    expect(await screen.ended).toBe(0);
  });
});
