import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readTracked, trackedFiles } from "./tracked-files.ts";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readTracked("package.json")));

// A suite that CI does not run is a suite nobody runs.
describe("every suite", () => {
  const configs = trackedFiles().filter((file) => /^vitest\.[^/]*config\.ts$/.test(file));

  test.each(configs)("%s has a script, and CI runs it", (config) => {
    const named = config === "vitest.config.ts" ? "vitest run" : `vitest run --config ${config}`;
    const script = Object.entries(scripts).find(([, command]) => command.endsWith(named))?.[0];
    expect(script, "no script of package.json runs it").toBeDefined();
    expect(readTracked(".ci/run")).toMatch(new RegExp(`^.*\\brun_suite \\w+ ${script}\\b`, "m"));
  });
});
