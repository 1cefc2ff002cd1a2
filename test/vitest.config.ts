import { defineConfig } from "vitest/config";

/** Correctness tests run on the sources; what measures or drives the built command imports `dist/`, untouched by the runner. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // All processors: the runner would leave one idle, which is half of a small machine.
    maxWorkers: "100%",
    server: { deps: { external: [/\/dist\//] } },
  },
});
