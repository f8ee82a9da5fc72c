import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/fuzz/*.test.ts"],
    reporters: [["dot", { summary: false }]],
    isolate: true,
    testTimeout: 300_000,
    maxWorkers: 1,
  },
});
