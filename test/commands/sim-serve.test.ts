import { describe, expect, it } from "vitest";
import type { Services } from "../../src/commands/services.ts";
import { run } from "../../src/commands/run.ts";
import { createFakeIo } from "./fake-io.ts";
import { servicesWith } from "./run-line.ts";

/** Serves with the flags, ends it by the signal, and tells what was asked for. */
async function serve(flags: readonly string[], signal: "SIGINT" | "SIGTERM", tty = false) {
  const fake = createFakeIo({ tty });
  const seen: Parameters<Services["serveSimulator"]>[0][] = [];
  let closed = 0;
  const serveSimulator: Services["serveSimulator"] = (options) => {
    seen.push(options);
    setImmediate(() => {
      fake.interrupt(signal);
    });
    return Promise.resolve({
      restUrl: "http://127.0.0.1:1",
      wsUrl: "ws://127.0.0.1:1/ws",
      apiKey: "k",
      apiSecret: "s",
      step: () => undefined,
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    });
  };
  const code = await run(["sim", "serve", ...flags], fake.io, servicesWith(undefined, { serveSimulator }));
  return { code, closed, options: seen[0], out: fake.out(), objects: fake.objects };
}

describe("sim serve", () => {
  it("prints one JSON line when it is ready, and ends cleanly at SIGTERM", async () => {
    const { code, closed, objects, options } = await serve([], "SIGTERM");
    expect({ code, closed, options }).toEqual({ code: 0, closed: 1, options: { limits: false } });
    expect(objects()).toEqual([
      {
        schema: "tapedeck.sim/1",
        mode: "demo",
        rest: "http://127.0.0.1:1",
        ws: "ws://127.0.0.1:1/ws",
        apiKey: "k",
        apiSecret: "s",
      },
    ]);
  });

  it("hands every flag on", async () => {
    const flags =
      "--port 4000 --seed 7 --symbols 50 --replay t.csv --replay-symbol ethusdt --speed 0.5 --original-times " +
      "--key a:b:c --key d:e --limits on --state s.ndjson " +
      "--switch cancel-latency-ms=9 --switch price-band=literal";
    const { code, options } = await serve(flags.split(" "), "SIGINT");
    expect(code).toBe(130);
    expect(options).toEqual({
      port: 4000,
      seed: 7,
      symbolCount: 50,
      replay: { file: "t.csv", symbol: "ETHUSDT", speed: 0.5, originalTimes: true },
      keys: [
        { apiKey: "a", apiSecret: "b:c" },
        { apiKey: "d", apiSecret: "e" },
      ],
      limits: true,
      statePath: "s.ndjson",
      switches: { "cancel-latency-ms": "9", "price-band": "literal" },
    });
  });

  it("wants a name and a value for a switch", async () => {
    expect((await serve(["--switch", "firewall"], "SIGTERM")).code).toBe(2);
  });

  it("tells a person what to set", async () => {
    const { out } = await serve([], "SIGTERM", true);
    expect(out).toContain("export TAPEDECK_REST_URL=http://127.0.0.1:1\n");
  });

  it("says why it did not start", async () => {
    const fake = createFakeIo();
    const serveSimulator = () => Promise.reject(new Error("port 80 on 127.0.0.1 is already in use"));
    expect(await run(["sim", "serve"], fake.io, servicesWith(undefined, { serveSimulator }))).toBe(1);
    expect(fake.errors()).toMatchObject([
      { error: { code: "SIM_NOT_STARTED", message: expect.stringContaining("already in use") as string } },
    ]);
  });
});
