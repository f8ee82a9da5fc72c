import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/e2e/**", "test/fuzz/**", "test/kill/*-kills.test.ts", "test/peers/**", "test/sim/soak.test.ts"],
    globalSetup: ["tools/build-before-tests.ts"],
    // One line of dots and one count: a failure still prints its name, difference and seed.
    reporters: [["dot", { summary: false }]],
    // Said aloud, so that no run ends in a hint to share processes: a test file must not inherit what another left.
    isolate: true,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    maxWorkers: 2,
  },
});
