import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.{ts,tsx}"],
    globalSetup: ["tools/build-before-tests.ts"],
    reporters: [["dot", { summary: false }]],
    // Said aloud, so that no run ends in a hint to share processes: a test file must not inherit what another left.
    isolate: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each test drives a whole terminal and measures patience in seconds, so they do not compete for the processor.
    maxWorkers: 1,
  },
});
