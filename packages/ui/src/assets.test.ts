import { expect, test } from 'vitest';
import { assetRoutes, scriptHrefs, stylesheetHref } from './assets.js';

test('stylesheet and scripts are served under names that change with their content, to be kept for ever', async () => {
  for (const href of [stylesheetHref, ...scriptHrefs]) {
    expect(href).toMatch(/^\/assets\/[a-z]+\.[0-9a-f]{12}\.(css|js)$/);
    const response = await assetRoutes().request(href);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
  }
});

test.each(['/assets/../package.json', '/assets/glovebox.css', '/assets/%2e%2e%2fpackage.json'])(
  'nothing else is served: %s',
  async (path) => {
    expect((await assetRoutes().request(path)).status).toBe(404);
  },
);
