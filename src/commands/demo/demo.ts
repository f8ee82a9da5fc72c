import type { Env } from "../../app/config/env.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { openScreen } from "../open-screen.ts";
import { tellStory } from "./story.ts";
import { createStoryClock, StoryFault } from "./story-clock.ts";
import { createTeller } from "./teller.ts";

const PROFILE = "demo";

export const demo = defineCommand({
  path: ["demo"],
  summary: "Try everything on a simulated exchange inside this process: no account, no key, no network.",
  details: [
    "On a terminal it opens the full-screen console. Without one, or with --json or -o, it tells a story of one",
    "day's trading line by line, from what really happens, and exits 0 within 30 seconds.",
    'NDJSON: {"schema":"tapedeck.demo/1","mode":"demo","step":…,"elapsedMs":…,"message":…,…}.',
  ],
  examples: [
    { line: "tapedeck demo", what: "the console, with invented money" },
    { line: "tapedeck demo | cat", what: "the same as a story" },
    { line: "tapedeck demo --json", what: "the story for a script, one event a line" },
  ],
  textByDefault: true,
  next: "tapedeck sim serve --help",
  run: (context) => {
    const { io, print } = context;
    const env = withoutAddresses(io.env);
    if (io.out.isTty && io.stdinIsTty && !print.explicit) return openScreen(context, PROFILE, env);
    return story(context, env);
  },
});

/** The demo is the embedded exchange, whatever other exchange the environment names. */
function withoutAddresses(env: Env): Env {
  const { TAPEDECK_REST_URL: _rest, TAPEDECK_WS_URL: _ws, ...rest } = env;
  return rest;
}

function story({ io, print, signal, withApp, fail }: CommandContext, env: Env): Promise<ExitCode> {
  return withApp(
    async (app) => {
      const clock = createStoryClock(app, io.now, signal);
      const tell = createTeller(print, clock.elapsedMs);
      try {
        await tellStory({ app, clock, tell });
      } catch (cause) {
        const late = clock.signal.aborted;
        if (signal.aborted || (!(cause instanceof StoryFault) && !late)) throw cause;
        const message = cause instanceof StoryFault ? cause.message : "The story took too long and was ended.";
        tell("failed", message);
        const hint = `\`tapedeck doctor\` looks for the cause; the log is ${app.places.logFile}.`;
        return fail({ code: "DEMO_FAILED", message, hint }, EXIT_CODES.failure);
      }
      print.progress("See the orders with `tapedeck order ls --stored`.");
      return EXIT_CODES.ok;
    },
    { profile: PROFILE, env },
  );
}
