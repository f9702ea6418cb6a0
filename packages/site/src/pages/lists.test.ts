// Lists, feeds, JSON twins, and what no page may do.
import { contentSecurityPolicy } from '@glovebox/ui';
import type { JobRequestView } from '@glovebox/record';
import { afterAll, expect, describe, test } from 'vitest';
import { base, hostile, exampleSite } from './testing/example-site.js';
import { examplePages } from './testing/example-pages.js';
import { after } from './testing/example-requests.js';

const { study, site, requests, get, page } = exampleSite();
afterAll(() => study.remove());

describe('lists and the source page', () => {
  test.each([
    '/',
    '/event-log',
    '/organisations',
    '/organisations/bennett-institute',
    '/projects',
    '/winter-pressures',
    base,
  ])('%s is a page with one first heading and levels in order', async (path) => {
    const levels = [...(await page(path)).matchAll(/<h([1-6])/g)].map((m) => Number(m[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  test('a file at the commit of a request is shown with numbered lines; another path is not', async () => {
    const html = await page(`${base}/2/code/analysis/appointments/app_viz.r`);
    expect(html).toContain('id="L21"');
    expect((await get(`${base}/2/code/../../etc/passwd`)).status).toBe(404);
    expect((await get(`${base}/2/code/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404);
    expect((await get(`${base}/2/code/.git/config`)).status).toBe(404);
  });

  test('a log is paged by number and refuses a page that can not be', async () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ ...requests.finished, number: i + 1 }));
    const { app } = examplePages(study, many, after(75));
    const first = (await (await app.request('/event-log.json')).json()) as { jobRequests: unknown[]; next: string };
    expect([first.jobRequests.length, first.next]).toEqual([25, '/event-log.json?before=36']);
    const last = (await (await app.request('/event-log.json?before=11')).json()) as {
      jobRequests: unknown[];
      next: null;
    };
    expect([last.jobRequests.length, last.next]).toEqual([10, null]);
    expect((await app.request('/event-log?before=-1')).status).toBe(404);
  });
});

describe('the JSON twin', () => {
  test('.json and the Accept header give the same value as the page shows', async () => {
    const twin = await get(`${base}/2.json`);
    expect(twin.headers.get('content-type')).toContain('application/json');
    const value = (await twin.json()) as JobRequestView & { comparison: { sentences: string[]; files: object[] } };
    const { comparison, ...view } = value;
    expect(view).toEqual(JSON.parse(JSON.stringify(requests.finished)));
    expect(comparison.sentences).toContain('The codelist opensafely-asthma gained 14 codes and lost 3 codes.');
    expect(JSON.stringify(comparison.files)).not.toContain('theme_minimal');
    expect(await (await get(`${base}/2`, { accept: 'application/json' })).json()).toEqual(value);
  });

  test('the page names its twin', async () => {
    expect(await page(`${base}/2`)).toContain(`<a href="${base}/2.json">This page as JSON</a>`);
    expect((await get('/index.json')).headers.get('content-type')).toContain('application/json');
  });

  test('what is missing is missing in both forms, with problems of one shape', async () => {
    for (const path of [
      `${base}/999`,
      `${base}/99999999999999`,
      '/nobody',
      '/winter-pressures/other',
      '/organisations/x',
      '/other/wp-work-package-1/2',
    ]) {
      expect((await get(path)).status, path).toBe(404);
      const twin = await get(`${path}.json`);
      expect([twin.status, Object.keys((await twin.json()) as object)], path).toEqual([404, ['problems']]);
    }
  });
});

describe('the feed', () => {
  test.each(['/event-log.atom', `${base}.atom`])(
    '%s lists requests by identifier, with links to their pages',
    async (path) => {
      const response = await get(path);
      expect(response.headers.get('content-type')).toContain('application/atom+xml');
      const xml = await response.text();
      expect(xml).toContain('<id>urn:glovebox:job-request:5amxblokuh3djs5z</id>');
      expect(xml).toContain(`href="${base}/3"`);
      expect(xml.match(/<entry>/g)).toHaveLength(7);
      expect(xml).not.toContain('<script');
    },
  );

  test('a workspace that does not exist has none', async () => {
    expect((await get('/winter-pressures/other.atom')).status).toBe(404);
  });
});

describe('safety', () => {
  test('names, YAML and messages that look like markup stay text', async () => {
    for (const path of [`${base}/6`, `${base}/6/${requests.hostile.jobs[0]?.identifier}`, '/', '/event-log']) {
      const html = await page(path);
      expect(html, path).not.toMatch(/<script(?! type="module" src="\/assets\/)/);
      expect(html, path).not.toContain('<img');
      expect(html, path).not.toContain('href="javascript:');
      expect(html, path).not.toContain('<b>');
    }
    expect(await page(`${base}/2/code/analysis/hostile.py`)).not.toContain('<img');
  });

  test('an address that looks like markup stays text on the page that refuses it', async () => {
    const html = await (await get(`/${encodeURIComponent(hostile)}`)).text();
    expect(html).not.toContain('<script>alert');
  });

  test('every answer carries the policy that refuses inline script and style, and no page has any', async () => {
    for (const path of ['/', `${base}/2`, `${base}/3`, `${base}/5`, '/nobody', `${base}/2.json`]) {
      const response = await get(path);
      expect(response.headers.get('content-security-policy'), path).toBe(contentSecurityPolicy);
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
      if (!path.endsWith('.json')) expect(await response.text(), path).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/);
    }
  });

  test('nothing can be written here', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await site.app.request(`${base}/2`, { method })).status).toBe(404);
    }
  });

  test('a fault becomes a page without its details, and is told to whoever logs', async () => {
    const { app, faults } = examplePages(study, [{ ...requests.finished, jobs: null as never }], after(75));
    const response = await app.request(`${base}/2`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('TypeError');
    expect(faults).toHaveLength(1);
  });
});
