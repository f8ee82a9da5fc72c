import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/kill/*-kills.test.ts"],
    globalSetup: ["tools/build-before-tests.ts"],
    reporters: [["default", { summary: false }]],
    isolate: true,
    // Hundreds of starts of the real program.
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
