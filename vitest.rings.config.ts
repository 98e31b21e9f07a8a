import { defineConfig } from 'vitest/config';

/** The rings of tests that run the built programs, each in a folder of its own; `host` runs inside VS Code. */
const rings = {
  lsp: 30,
  web: 30,
  netns: 60,
  cluster: 60,
  e2e: 180,
  image: 120,
  'image-arm64': 300,
  runtime: 60,
};

/** Those that share a kernel, a clock and two cores with a browser or a cluster. Who tells it is ring-results.ts. */
const triedAgain = new Set(['netns', 'cluster', 'e2e']);

export default defineConfig({
  test: {
    projects: Object.entries(rings).map(([name, seconds]) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: seconds * 1000,
        hookTimeout: seconds * 1000,
        retry: triedAgain.has(name) ? 1 : 0,
      },
    })),
  },
});
