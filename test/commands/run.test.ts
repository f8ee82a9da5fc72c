import { describe, expect, it } from "vitest";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { COMMANDS } from "../../src/commands/command-table.ts";
import { run } from "../../src/commands/run.ts";
import { createFakeApp } from "./fake-app.ts";
import { createFakeIo } from "./fake-io.ts";
import { runLine, servicesWith } from "./run-line.ts";

describe("a command line", () => {
  it.each<[readonly string[], RegExp]>([
    [["marekt"], /no command \\"tapedeck marekt\\".*Did you mean `tapedeck market`/],
    [["order", "plaec"], /no command \\"tapedeck order plaec\\".*Did you mean `tapedeck order place`/],
    [["frobnicate"], /no command.*See `tapedeck --help`/],
    [["order", "ls", "--lmit", "3"], /Unknown option \\"--lmit\\".*Did you mean --limit/],
    [["order", "ls", "--limit"], /argument missing/],
    [["order", "ls", "--limit", "many"], /--limit takes a whole number from 1/],
    [["order", "ls", "extra"], /Too many arguments/],
    [["market", "show"], /Missing required argument \\"SYMBOL\\"/],
    [["market", "ls", "-o", "xml"], /no output format "xml"/],
    [["market", "ls", "--json", "-o", "csv"], /exclude each other/],
    [["market", "watch", "BTCUSDT", "-o", "csv"], /no CSV/],
    [["market", "watch", "BTCUSDT", "--channels", "trade,news"], /no channel \\"news\\"/],
    [["market", "candles", "BTCUSDT", "--interval", "7m"], /--interval is one of 1m, 5m/],
    [["order", "place", "buy", "BTCUSDT", "1", "@", "-100%"], /price \\"-100%\\" is no number above zero/],
    [["order", "place", "buy", "BTCUSDT", "1", "tp", "-3%"], /lies above the entry/],
    [["order", "place", "sell", "BTCUSDT", "1", "sl", "-3%"], /a sale leaves nothing to sell/],
    [["-1"], /no command \\"tapedeck -1\\"/],
    [["order", "ls", "--limit", "-3"], /--limit takes a whole number from 1 to \d+, not \\"-3\\"/],
    [["order", "place", "buy", "BTCUSDT", "-1"], /size \\"-1\\" is no number above zero/],
    [["order", "place", "buy", "BTCUSDT", "1", "--timeout", "5"], /--wait filled/],
    [["sim", "serve", "--key", "nosecret"], /a key and its secret/],
    [["sim", "serve", "--speed", "2"], /no --replay/],
    [["sim", "serve", "--limits", "maybe"], /--limits is one of on, off/],
    [[], /needs a terminal/],
    [["tui"], /needs a terminal/],
  ])("%j ends with 2 and says why", async (argv, said) => {
    const { code, out, err } = await runLine(argv, createFakeApp().app);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
  });

  it("shows the version and help without opening anything", async () => {
    expect(await runLine(["--version"])).toMatchObject({ code: 0, out: "9.9.9\n" });
    const help = await runLine(["--help"]);
    expect(help.code).toBe(0);
    for (const { path } of COMMANDS.commands) expect(help.out).toContain(path.join(" "));
    expect(await runLine(["help", "market"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("watch") as string,
    });
    expect(await runLine(["order"])).toMatchObject({ code: 0, out: expect.stringContaining("place") as string });
  });

  it.each(COMMANDS.commands.map((spec) => [spec.path.join(" "), spec] as const))(
    "%s has help with its examples first",
    async (_name, spec) => {
      const { code, out } = await runLine([...spec.path, "--help"]);
      expect(code).toBe(0);
      expect(spec.examples.length).toBeGreaterThan(0);
      expect(out.indexOf("EXAMPLES")).toBeLessThan(out.indexOf("USAGE"));
      for (const { line } of spec.examples) expect(out).toContain(line);
      for (const { flags } of spec.options ?? []) expect(out).toContain(flags);
    },
  );

  it.each(COMMANDS.commands.flatMap((spec) => spec.examples.map((example) => [example.line] as const)))(
    "the example `%s` names options that exist",
    async (line) => {
      const words = (line.split(" | ")[0] ?? "").split(" ").slice(1);
      const { err } = await runLine([...words, "--help"]);
      expect(err).toBe("");
    },
  );

  it("opens the screen where there is a terminal, and hands its exit code on", async () => {
    const { app, calls } = createFakeApp();
    const runTui = () => Promise.resolve(143);
    expect(await runLine([], app, { tty: true, services: { runTui } })).toMatchObject({ code: 143 });
    expect(calls).toEqual(["close"]);
  });

  it("takes global flags before and behind the command", async () => {
    const profiles: (string | undefined)[] = [];
    const { app } = createFakeApp();
    const createApp = (options: { readonly profile?: string | undefined }) => {
      profiles.push(options.profile);
      return Promise.resolve(app);
    };
    await runLine(["--profile", "a", "order", "ls"], app, { services: { createApp } });
    await runLine(["order", "ls", "--profile", "b"], app, { services: { createApp } });
    await runLine(["order", "ls"], app, { services: { createApp } });
    expect(profiles).toEqual(["a", "b", undefined]);
  });
});

describe("a fault", () => {
  const fault = new AppError({
    code: "SOMETHING_AWAY",
    message: "It is away.",
    notDone: "Nothing was done.",
    hint: "Bring it back.",
    exitCode: EXIT_CODES.unavailable,
    venueCode: 42,
  });
  const failing = () =>
    createFakeApp({ reconcile: () => Promise.reject(fault), testOrder: () => Promise.reject(fault) });

  it("is an object on stderr where the data would be JSON", async () => {
    const { app, calls } = failing();
    const { code, out, errors } = await runLine(["order", "test", "buy", "BTCUSDT", "1"], app);
    expect({ code, out }).toEqual({ code: 7, out: "" });
    expect(errors()).toEqual([
      {
        schema: "tapedeck.error/1",
        mode: "demo",
        error: {
          code: "SOMETHING_AWAY",
          message: "It is away.",
          notDone: "No order was sent.",
          hint: "Bring it back.",
          venueCode: 42,
        },
      },
    ]);
    expect(calls.at(-1)).toBe("close");
  });

  it("is words at a terminal: what happened, what was not done, what to do", async () => {
    const { code, err } = await runLine(["order", "test", "buy", "BTCUSDT", "1", "--no-color"], failing().app, {
      tty: true,
    });
    expect(code).toBe(7);
    expect(err).toBe("error: It is away. (SOMETHING_AWAY, exchange 42)\nNo order was sent.\nBring it back.\n");
  });

  it("of ours is 70, with a stack only when asked for", async () => {
    const services = { createApp: () => Promise.reject(new TypeError("of undefined")) };
    const short = await runLine(["order", "ls"], undefined, { services, tty: true });
    expect(short.code).toBe(70);
    expect(short.err).toContain("fault of Tapedeck: of undefined");
    expect(short.err).not.toContain("TypeError");
    const long = await runLine(["order", "ls", "--debug"], undefined, { services, tty: true });
    expect(long.err).toMatch(/TypeError: of undefined\n\s+at /);
  });

  it("after Ctrl-C is 130, whatever it says", async () => {
    const fake = createFakeIo();
    const { app } = createFakeApp({
      reconcile: () => {
        fake.interrupt("SIGINT");
        return Promise.reject(fault);
      },
    });
    expect(await run(["order", "show", "td-1"], fake.io, servicesWith(app))).toBe(130);
    expect(fake.errors()).toMatchObject([{ error: { code: "INTERRUPTED" } }]);
  });
});
