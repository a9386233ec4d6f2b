import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{hdl-gen,host,testbench,models,cli,scripts}/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 2,
    // one compiler instance for all files of a worker: a cold run takes half the time
    isolate: false,
  },
});
