import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['glovebox-source'] },
  ssr: { resolve: { conditions: ['glovebox-source'] } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'script/**/*.test.ts'],
    // Written for bundlers: Node itself can't load it.
    server: { deps: { inline: ['dt-sql-parser'] } },
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
