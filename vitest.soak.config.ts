import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/sim/soak.test.ts"],
    reporters: [["default", { summary: false }]],
    isolate: true,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
