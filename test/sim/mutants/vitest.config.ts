import { pathToFileURL } from "node:url";
import { defineConfig } from "vitest/config";
import { mutateSource, mutatedFiles } from "./mutate-source.ts";

/** The usual tests, on sources with the bug of one mutant in them. */
const files = mutatedFiles(process.env["TAPEDECK_MUTANT"]);

export default defineConfig({
  plugins: [
    {
      // What was transformed under one name is not taken for another.
      name: `mutant ${String(process.env["TAPEDECK_MUTANT"])}`,
      enforce: "pre",
      transform(code, id) {
        const edits = files.get(pathToFileURL(id.split("?")[0] ?? id).href);
        return edits === undefined ? undefined : { code: mutateSource(code, edits), map: null };
      },
    },
  ],
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/e2e/**", "test/fuzz/**", "test/peers/**", "test/sim/soak.test.ts"],
    reporters: [["default", { summary: false }]],
    isolate: true,
    testTimeout: 40_000,
    bail: 1,
    maxWorkers: 2,
  },
});
