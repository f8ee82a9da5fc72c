import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { safeText } from "../../core/domain/safe-text.ts";
import { defineCommand } from "../define-command.ts";
import type { OptionReader } from "../parse/option-reader.ts";
import type { Services } from "../services.ts";
import { usageError } from "../usage-error.ts";

type SimulatorOptions = Parameters<Services["serveSimulator"]>[0];

export const simServe = defineCommand({
  path: ["sim", "serve"],
  summary: "Run the simulated exchange alone, on a loopback address, until Ctrl-C or SIGTERM.",
  details: [
    "It speaks MEXC's REST and WebSocket formats, so clients made for MEXC work on it unchanged. With --replay the",
    "recording begins with the first subscription to its symbol. Where stdout is no terminal it prints one JSON line",
    "when it is ready; the keys in it belong to the simulated account and to nothing else. --key chooses them, so that a",
    "script knows them before it starts: never a key of MEXC's, as other users of this machine can read a command line.",
  ],
  examples: [
    { line: "tapedeck sim serve --port 4000 --seed 7", what: "a market that is the same every time" },
    { line: "tapedeck sim serve --replay trades.csv --speed 10", what: "a recording, ten times as fast" },
    {
      line: "tapedeck sim serve --key my-api-key:my-secret --state sim.ndjson",
      what: "your own key; orders outlive a restart",
    },
  ],
  options: [
    { flags: "--port N", what: "listen here", default: "any free port" },
    { flags: "--seed N", what: "seed of markets, history and moves", default: "1" },
    { flags: "--symbols N", what: "how many markets, at most 2000", default: "60" },
    { flags: "--replay FILE", what: "replay this CSV of trades (time_ms,trade_id,price,quantity,buyer_is_maker)" },
    { flags: "--replay-symbol SYMBOL", what: "the market it is played into", default: "BTCUSDT" },
    { flags: "--speed X", what: "recorded seconds a second; 0 as fast as it can", default: "1" },
    { flags: "--original-times", what: "keep the times of the recording" },
    {
      flags: "--key K:SECRET",
      what: "an account with this key; of several the first is printed",
      default: "one is made",
      repeatable: true,
    },
    { flags: "--limits on|off", what: "enforce request weights and order rates", default: "off" },
    { flags: "--switch NAME=VALUE", what: "another reading of an uncertain fact of MEXC", repeatable: true },
    { flags: "--state FILE", what: "keep accounts, orders and trades in this file" },
  ],
  next: "TAPEDECK_REST_URL=… TAPEDECK_WS_URL=… MEXC_API_KEY=… MEXC_API_SECRET=… tapedeck doctor",
  run: async ({ options, services, print, signal, io }) => {
    const simulator = await start(services, readOptions(options));
    print.mode = "demo";
    const { restUrl, wsUrl, apiKey, apiSecret } = simulator;
    if (print.format === "table") {
      print.line(`Simulated exchange at ${restUrl}, streams at ${wsUrl}`);
      print.line("");
      for (const [name, value] of [
        ["TAPEDECK_REST_URL", restUrl],
        ["TAPEDECK_WS_URL", wsUrl],
        ["MEXC_API_KEY", apiKey],
        ["MEXC_API_SECRET", apiSecret],
      ]) {
        print.line(`export ${name}=${value}`);
      }
      print.line("");
      print.line("Ctrl-C ends it.");
    } else {
      print.event("tapedeck.sim/1", { rest: restUrl, ws: wsUrl, apiKey, apiSecret });
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted || io.out.closed.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await simulator.close();
    return signal.reason === "SIGTERM" ? EXIT_CODES.ok : EXIT_CODES.interrupted;
  },
});

function readOptions(options: OptionReader): SimulatorOptions {
  const port = options.count("port", { min: 0, max: 65_535 });
  const seed = options.count("seed", { min: 0, max: 999_999_999 });
  const symbolCount = options.count("symbols", { min: 1, max: 2_000 });
  const file = options.text("replay");
  const speed = options.seconds("speed", { min: 0, max: 1_000_000 });
  const statePath = options.text("state");
  const keys = options.texts("key").map(readKey);
  const switches = Object.fromEntries(options.texts("switch").map(readSwitch));
  if (file === undefined) {
    for (const name of ["replay-symbol", "speed", "original-times"]) {
      if (options.text(name) !== undefined || options.has(name))
        throw usageError(`--${name} says how to replay, and there is no --replay.`, "Add --replay FILE.");
    }
  }
  return {
    ...(port === undefined ? {} : { port }),
    ...(seed === undefined ? {} : { seed }),
    ...(symbolCount === undefined ? {} : { symbolCount }),
    ...(keys.length === 0 ? {} : { keys }),
    ...(statePath === undefined ? {} : { statePath }),
    ...(Object.keys(switches).length === 0 ? {} : { switches }),
    limits: options.choice("limits", ["on", "off"]) === "on",
    ...(file === undefined
      ? {}
      : {
          replay: {
            file,
            symbol: options.text("replay-symbol")?.toUpperCase() ?? "BTCUSDT",
            speed: speed ?? 1,
            originalTimes: options.has("original-times"),
          },
        }),
  };
}

function readKey(text: string): { readonly apiKey: string; readonly apiSecret: string } {
  const [apiKey = "", ...rest] = text.split(":");
  const apiSecret = rest.join(":");
  if (apiKey === "" || apiSecret === "")
    throw usageError(
      "--key takes a key and its secret with a colon between them.",
      "For example --key my-api-key:my-secret.",
    );
  return { apiKey, apiSecret };
}

function readSwitch(text: string): readonly [string, string] {
  const [name = "", ...rest] = text.split("=");
  if (name === "" || rest.length === 0)
    throw usageError(
      "--switch takes a name and a value with = between them.",
      "GET /_sim/switches of a running exchange lists them; for example --switch cancel-latency-ms=200.",
    );
  return [name, rest.join("=")];
}

async function start(services: Services, options: SimulatorOptions) {
  try {
    return await services.serveSimulator(options);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError({
      code: "SIM_NOT_STARTED",
      message: `The simulated exchange did not start: ${safeText(cause instanceof Error ? cause.message : "no reason given", 2_000)}.`,
      notDone: "Nothing is listening.",
      hint: "See `tapedeck sim serve --help`.",
      exitCode: EXIT_CODES.failure,
      cause,
    });
  }
}
