import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The first test that asks for a large part of the tree waits until it has been transformed.
    testTimeout: 30_000,
    include: ['*/test/**/*.test.ts', 'test/boundaries.test.ts'],
    exclude: ['test/{host,lsp,web,netns,cluster,e2e}/**', '**/node_modules/**'],
  },
});
