import { defineConfig } from "vitest/config";

/** Correctness tests run on the sources; what measures or drives the built command imports `dist/`, untouched by the runner. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    server: { deps: { external: [/\/dist\//] } },
  },
});
