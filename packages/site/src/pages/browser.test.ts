import { readFileSync } from 'node:fs';
import { jobIdentifier } from '@glovebox/record';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen, openBrowser, type Served } from './testing/browser.js';
import { type ExamplePages, examplePages } from './testing/example-pages.js';
import {
  after,
  coursesOfAll,
  failedCourses,
  largePipeline,
  requestIdentifier,
  requestOf,
  runningCourses,
  succeededCourses,
} from './testing/example-requests.js';
import { exampleStudy, type ExampleStudy } from './testing/example-study.js';

// A browser on a machine that is busy with other tests may need a minute for what it does in a second.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let study: ExampleStudy;
let site: ExamplePages;
let server: Served;
let browser: Browser;

const base = '/winter-pressures/wp-work-package-1';
// What runs inside the page is plain JavaScript of its own.
const probe = readFileSync(new URL('../../browser/probe.js', import.meta.url), 'utf8');
const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
const previous = () => ({ number: 1, commit: study.first });
const runningRequest = (courses = runningCourses) =>
  requestOf({ repository: study.folder, commit: study.second, number: 4, previous: previous(), courses });

beforeAll(async () => {
  study = exampleStudy();
  const at = { repository: study.folder, commit: study.second, previous: previous() };
  const finished = requestOf({ ...at, number: 2, courses: succeededCourses });
  const forty = largePipeline(40);
  site = examplePages(
    study,
    [
      finished,
      requestOf({ ...at, number: 3, courses: failedCourses }),
      runningRequest(),
      requestOf({ ...at, number: 5, text: forty, courses: coursesOfAll(forty) }),
      {
        ...finished,
        number: 6,
        requestedBy: { slug: 'x', name: hostile },
        branch: hostile,
        pipelineText: `a: ${hostile}`,
      },
      requestOf({ ...at, number: 7, text: longNames, courses: coursesOfAll(longNames) }),
    ],
    after(75),
  );
  [server, browser] = await Promise.all([listen(site.app), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  server.close();
  study.remove();
});

/** Opens a page, hands it over, and expects that the browser found nothing to complain about. */
async function visit(path: string, look: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(120_000);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${server.origin}${path}`, { waitUntil: 'load' });
    await look(page);
    expect(complaints, path).toEqual([]);
  } finally {
    await context.close();
  }
}

// Nobody's name is too long for a page.
const longName =
  'generate_measures_of_the_effects_of_respiratory_infections_on_the_workload_of_general_practice_in_england';
const longNames = `version: "4.0"\nactions:\n  ${longName}:\n    run: r:v2 analysis/a.R\n    outputs:\n      highly_sensitive:\n        ${'label_'.repeat(20)}: output/${'folder'.repeat(20)}/*.csv\n`;
const pathsOfLong = [`${base}/7`, `${base}/7/${jobIdentifier(requestIdentifier, longName)}`];

const paths = ['/', '/event-log', '/organisations', '/winter-pressures', base, `${base}/2`, `${base}/3`, `${base}/5`];

describe('without script', () => {
  test('the page is complete: jobs, graph, project.yaml behind its disclosure, differences', async () => {
    await visit(
      `${base}/2`,
      async (page) => {
        await page.getByText('Show project.yaml').click();
        expect(await page.locator('#Y7').isVisible()).toBe(true);
        await page.getByText('17 unchanged lines').click();
        expect(await page.getByText('library(ggplot2)').first().isVisible()).toBe(true);
        expect(await page.locator('.graph a').count()).toBe(8);
        await page.locator('.graph a', { hasText: 'generate_app_viz' }).click();
        expect(await page.locator('h1').textContent()).toBe('generate_app_viz');
      },
      { javaScriptEnabled: false },
    );
  });
});

describe('with script', () => {
  test('a live page changes what changed, keeps focus and what was opened, says it politely, and then stops asking', async () => {
    await visit(`${base}/4`, async (page) => {
      await page.getByText('Show project.yaml').click();
      const link = page.locator('tbody th a', { hasText: 'generate_practice_measures' });
      await link.focus();
      const row = page.locator('tbody[data-announce^="generate_app_viz"]');
      expect(await row.textContent()).toContain('Running');
      await row.evaluate((element) => element.setAttribute('data-kept', 'yes'));
      site.put(runningRequest({ ...runningCourses, generate_app_viz: { code: 'succeeded', started: 42, ended: 70 } }));
      await row.locator('.status.succeeded').waitFor();
      expect(await row.evaluate((element) => element.isConnected)).toBe(true);
      expect(await link.evaluate((element) => element.matches(':focus'))).toBe(true);
      expect(await page.locator('#project-yaml').getAttribute('open')).not.toBeNull();
      expect(await page.locator('#announcement').textContent()).toBe('generate_app_viz: succeeded.');
      site.put(runningRequest(succeededCourses));
      await page.locator('main dl.line').getByText('Succeeded').waitFor();
      await page.waitForFunction("document.querySelector('glovebox-live').source.readyState === EventSource.CLOSED");
      site.put(runningRequest());
    });
  });

  test('identifiers can be copied and moments explain themselves', async () => {
    await visit(`${base}/2`, async (page) => {
      expect(await page.getByRole('button', { name: 'Copy the identifier' }).isVisible()).toBe(true);
      const moment = page.locator('aside time').first();
      await moment.hover();
      await page.locator('aside time[title]').first().waitFor();
      expect(await moment.getAttribute('title')).toMatch(/ago; /);
    });
  });

  test('text that looks like markup stays text', async () => {
    await visit(`${base}/6`, async (page) => {
      expect(await page.locator('main').textContent()).toContain(hostile);
      expect(await page.locator('main script, main img').count()).toBe(0);
    });
  });
});

describe('for everybody', () => {
  test.each([...paths, ...pathsOfLong])(
    '%s never scrolls sideways on a phone, only its tables and drawings do',
    async (path) => {
      await visit(
        path,
        async (page) => {
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
        },
        { viewport: { width: 390, height: 844 } },
      );
    },
  );

  test.each([...paths, `${base}/2/code/analysis/viz_measures.r`])(
    '%s has names, landmarks and headings in order',
    async (path) => {
      await visit(path, async (page) => {
        const found = await page.evaluate<{ readonly levels: readonly number[]; readonly title: string }>(probe);
        expect(found).toMatchObject({ nameless: [], unspoken: 0, repeatedIds: [], headless: 0, landmarks: [] });
        expect(found.levels[0]).toBe(1);
        found.levels.forEach((level, i) => expect(level - (found.levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
        expect(found.title).toMatch(/ · Glovebox$/);
      });
    },
  );

  test('the table of jobs fits beside the facts on a wide screen', async () => {
    await visit(`${base}/3`, async (page) => {
      const table = page.getByRole('region', { name: 'Jobs' });
      expect(await table.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
    });
  });

  test.each([
    ['light', 'rgb(251, 250, 247)'],
    ['dark', 'rgb(18, 23, 27)'],
  ] as const)('the %s scheme of the reader is used', async (colorScheme, paper) => {
    await visit(
      `${base}/3`,
      async (page) => expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(paper),
      { colorScheme },
    );
  });

  test('the keyboard reaches the content first and sees where it is', async () => {
    await visit(`${base}/2`, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).toBe('solid');
    });
  });

  test('on paper nothing is cut off and the navigation is left out', async () => {
    await visit(`${base}/3`, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.top').isVisible()).toBe(false);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.table')).overflowX")).toBe('visible');
      expect(await page.locator('#Y7').isVisible()).toBe(true);
    });
  });
});
