import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { simServe } from "../../../src/commands/sim/serve.ts";
import { loadConfig } from "../../../src/app/config/load-config.ts";
import { NO_TRIPS } from "../../../src/core/domain/trip-facts.ts";
import { notional, ratio } from "../../../src/core/domain/money.ts";

const folder = mkdtempSync(join(tmpdir(), "tapedeck-config-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let counter = 0;
function load(env: Record<string, string>, toml = "", profile?: string) {
  const configFile = join(folder, `${(counter += 1)}.toml`);
  if (toml !== "") writeFileSync(configFile, toml);
  return loadConfig({ env, configFile, profile });
}
const code = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return "none";
};

const KEYS = { MEXC_API_KEY: "mx0exampleKey", MEXC_API_SECRET: "0123456789abcdef" };
const LOCAL = { TAPEDECK_REST_URL: "http://127.0.0.1:4000", TAPEDECK_WS_URL: "ws://127.0.0.1:4000/ws" };

describe("what turns real orders on", () => {
  it("is a live profile and nothing else", () => {
    expect(load({}).mode).toBe("paper");
    expect(load(KEYS)).toMatchObject({ mode: "paper", keys: undefined });
    expect(load(KEYS, '[profile.main]\nmode = "live"', "main")).toMatchObject({ mode: "live" });
    expect(load({ ...KEYS, TAPEDECK_PROFILE: "main" }, '[profile.main]\nmode = "live"').mode).toBe("live");
    expect(load(KEYS, 'default_profile = "main"\n[profile.main]\nmode = "live"').mode).toBe("live");
  });

  it("never reaches a loopback exchange, which is always a demo", () => {
    expect(load({ ...KEYS, ...LOCAL }, '[profile.main]\nmode = "live"', "main").mode).toBe("demo");
    expect(load({ ...LOCAL, TAPEDECK_REST_URL: "http://[::1]:1", TAPEDECK_WS_URL: "ws://localhost:1/ws" }).mode).toBe(
      "demo",
    );
  });

  it("takes no look-alike of a loopback address for one", () => {
    const host = "127.0.0.1.example.com";
    const env = { ...KEYS, TAPEDECK_REST_URL: `http://${host}`, TAPEDECK_WS_URL: `ws://${host}/ws` };
    expect(load(env).mode).toBe("paper");
  });
});

describe("an address of the environment", () => {
  const MEXC = { TAPEDECK_REST_URL: "https://api.mexc.com", TAPEDECK_WS_URL: "wss://wbs-api.mexc.com/ws" };
  const OWN = { TAPEDECK_REST_URL: "https://mx.example.org", TAPEDECK_WS_URL: "wss://mx.example.org/ws" };
  const TRUSTING = '[profile.m]\nmode = "live"\ntrusted_hosts = ["mx.example.org"]';

  it("signs nothing without a live profile, MEXC's own included", () => {
    expect(load({ ...KEYS, ...MEXC })).toMatchObject({ mode: "paper", keys: undefined });
    expect(load({ ...KEYS, ...OWN }, '[profile.m]\nmode = "demo"', "m")).toMatchObject({ keys: undefined });
    expect(load({ ...KEYS, ...MEXC }, '[profile.m]\nmode = "live"', "m").keys?.apiKey).toBe("mx0exampleKey");
  });

  it("is trusted by what the chosen profile says, and by nothing in the environment", () => {
    expect(load({ ...KEYS, ...OWN }, TRUSTING, "m").trustedHosts).toEqual(["mx.example.org"]);
    const env = { ...KEYS, ...OWN, TAPEDECK_TRUSTED_HOSTS: "mx.example.org", TRUSTED_HOSTS: "mx.example.org" };
    expect(load(env, TRUSTING).trustedHosts).toEqual([]);
  });
});

describe("limits", () => {
  it("start small in live and come from the profile", () => {
    expect(load(KEYS, '[profile.m]\nmode = "live"', "m").limits.largestOrder.get("USDT")).toBe(notional("1000"));
    const toml =
      '[profile.m]\nmode = "live"\n[profile.m.limits]\nlargest_order = { USDT = "50" }\nprice_collar = "0.02"';
    expect(load(KEYS, toml, "m").limits.largestOrder.get("USDT")).toBe(notional("50"));
  });
});

describe("limits on the account", () => {
  const profile = (limits: string) => `[profile.m]\nmode = "live"\n[profile.m.limits]\n${limits}`;

  it("are the trader's own to choose, but for a pace that only a loop has", () => {
    const { limits } = load(KEYS, '[profile.m]\nmode = "live"', "m");
    expect(limits).toMatchObject({ ordersPerMinute: 60, maxOpenOrders: 500, concentration: undefined });
    expect(limits).toMatchObject({ allowedSymbols: undefined, allowsRiskMarked: false });
    expect(limits.exposureTotal.size + limits.exposurePerSymbol.size + limits.quoteReserve.size).toBe(0);
    expect(load(LOCAL).limits.ordersPerMinute).toBe(undefined);
  });

  it("come from the profile", () => {
    const toml = [
      'exposure_per_symbol = { USDT = "500" }',
      'exposure_total = { USDT = "2000", USDC = "100" }',
      'concentration = "0.25"',
      "orders_per_minute = 10",
      "max_open_orders = 20",
      'allow_symbols = ["BTCUSDT", "币安人生USDT"]',
      'block_symbols = ["XRPUSDT"]',
      "allow_st = true",
      'quote_reserve = { USDT = "5" }',
    ].join("\n");
    expect(load(KEYS, profile(toml), "m").limits).toMatchObject({
      exposurePerSymbol: new Map([["USDT", notional("500")]]),
      exposureTotal: new Map([
        ["USDT", notional("2000")],
        ["USDC", notional("100")],
      ]),
      concentration: ratio("0.25"),
      ordersPerMinute: 10,
      maxOpenOrders: 20,
      allowedSymbols: new Set(["BTCUSDT", "币安人生USDT"]),
      blockedSymbols: new Set(["XRPUSDT"]),
      allowsRiskMarked: true,
      quoteReserve: new Map([["USDT", notional("5")]]),
    });
  });

  it("are told with every problem at once", () => {
    const toml =
      'concentration = "1.5"\nmax_open_orders = 501\nallow_symbols = ["btcusdt"]\nexposure_total = { USDT = 5 }';
    expect(() => load(KEYS, profile(toml), "m")).toThrow(
      /4 problems.*exposure_total\.USDT.*concentration: at most 1.*max_open_orders.*allow_symbols\.0: a market in upper case/,
    );
  });
});

describe("trips", () => {
  const profile = (mode: string, trips = "") => `[profile.m]\nmode = "${mode}"\n[profile.m.trips]\n${trips}`;

  it("watch real money by themselves, but for what only the trader can say, and invented money not at all", () => {
    expect(load(KEYS, '[profile.m]\nmode = "live"', "m").trips).toEqual({
      dailyLoss: undefined,
      drawdown: undefined,
      errorRate: ratio("0.5"),
      staleDataMs: 60_000,
      clockDrift: true,
      reconcileFailures: 10,
      becomes: "reducing",
    });
    expect(load(LOCAL).trips).toEqual({ ...NO_TRIPS });
  });

  it("come from the profile, and false switches one off", () => {
    const toml = [
      'daily_loss = { USDT = "100" }',
      'drawdown = "0.2"',
      "error_rate = false",
      "stale_data_ms = 30000",
      "clock_drift = false",
      "reconcile_failures = 3",
      'action = "halt"',
    ].join("\n");
    expect(load(KEYS, profile("live", toml), "m").trips).toEqual({
      dailyLoss: notional("100"),
      drawdown: ratio("0.2"),
      errorRate: undefined,
      staleDataMs: 30_000,
      clockDrift: false,
      reconcileFailures: 3,
      becomes: "halted",
    });
  });

  it("are told with every problem at once", () => {
    const toml = 'daily_loss = { EUR = "1" }\ndrawdown = "2"\naction = "sell"';
    expect(() => load(KEYS, profile("live", toml), "m")).toThrow(/problems.*daily_loss.*drawdown.*action/);
  });
});

describe("what cannot be used", () => {
  it.each<[string, string, () => unknown]>([
    ["a profile nobody defined", "PROFILE_UNKNOWN", () => load({}, "", "nope")],
    ["half an address", "ENDPOINTS_INCOMPLETE", () => load({ TAPEDECK_REST_URL: "http://127.0.0.1:1" })],
    ["no address", "ENDPOINT_INVALID", () => load({ ...LOCAL, TAPEDECK_REST_URL: "nowhere" })],
    ["broken TOML", "CONFIG_UNREADABLE", () => load({}, "[profile")],
    ["unknown settings", "CONFIG_INVALID", () => load({}, "colour = 3")],
    ["a mode that does not exist", "CONFIG_INVALID", () => load({}, '[profile.x]\nmode = "real"')],
    [
      "a limit that is no decimal",
      "CONFIG_INVALID",
      () => load({}, '[profile.x]\nmode = "live"\n[profile.x.limits]\nprice_collar = "wide"'),
    ],
    [
      "a trusted host with a scheme",
      "CONFIG_INVALID",
      () => load({}, '[profile.x]\nmode = "live"\ntrusted_hosts = ["https://x.org"]'),
    ],
    [
      "a trusted host with a wildcard",
      "CONFIG_INVALID",
      () => load({}, '[profile.x]\nmode = "live"\ntrusted_hosts = ["*.x.org"]'),
    ],
    ["half a key", "KEYS_INCOMPLETE", () => load({ ...LOCAL, MEXC_API_KEY: "mx0exampleKey" })],
    [
      "a secret file that is not there",
      "SECRET_UNREADABLE",
      () => load({ ...LOCAL, MEXC_API_KEY: "mx0exampleKey", MEXC_API_SECRET_FILE: join(folder, "none") }),
    ],
    ["a key too short for one", "KEY_INVALID", () => load({ ...LOCAL, MEXC_API_KEY: "me", MEXC_API_SECRET: "s" })],
  ])("is %s", (_name, expected, run) => {
    expect(code(run)).toBe(expected);
  });

  it("says what an API key looks like, and takes the one of the simulator's own example", () => {
    const keyed = (apiKey: string) => () => load({ ...LOCAL, MEXC_API_KEY: apiKey, MEXC_API_SECRET: "secret" });
    expect(keyed("me")).toThrow(/8 to 128/);
    expect(keyed("with a blank")).toThrow(/no blanks/);
    const example = simServe.examples
      .map(({ line }) => / --key (\S+?):/.exec(line)?.[1])
      .find((key) => key !== undefined);
    expect(keyed(example ?? "")().keys?.apiKey).toBe(example);
  });

  it("is told with every problem at once", () => {
    expect(() => load({}, 'colour = 3\n[profile.x]\nmode = "real"')).toThrow(/2 problems/);
  });
});

describe("the way lots are counted", () => {
  it("is first in, first out unless the profile says average", () => {
    expect(load({}).lotMethod).toBe("fifo");
    const toml = (method: string) => `[profile.main]\nmode = "demo"\nlot_method = "${method}"`;
    expect(load({}, toml("average"), "main").lotMethod).toBe("average-cost");
    expect(code(() => load({}, toml("lifo"), "main"))).toBe("CONFIG_INVALID");
  });
});
