import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/peers/*.test.ts"],
    globalSetup: ["tools/build-before-tests.ts"],
    reporters: [["dot", { summary: false }]],
    // Said aloud, so that no run ends in a hint to share processes: a test file must not inherit what another left.
    isolate: true,
    // These clients pace themselves, and some of what they wait for comes every few seconds.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
