import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*/test/**/*.test.ts', 'test/boundaries.test.ts'],
    exclude: ['test/{host,lsp,web,netns,cluster,e2e}/**', '**/node_modules/**'],
  },
});
