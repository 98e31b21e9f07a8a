import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The client's texts go through it (client/src/l10n.ts).
  resolve: { alias: { vscode: new URL('client/test/vscode.ts', import.meta.url).pathname } },
  test: {
    // The first test that asks for a large part of the tree waits until it has been transformed.
    testTimeout: 30_000,
    include: ['*/test/**/*.test.ts', 'test/boundaries.test.ts'],
    exclude: ['test/{host,lsp,web,netns,cluster,e2e}/**', '**/node_modules/**'],
  },
});
