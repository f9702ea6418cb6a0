// A researcher's and a member of staff's journey in a real browser: sign in, read what would run and why, request, watch, cancel;
// pause a backend and let it go on.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { listen, openBrowser, type Served } from './pages/testing/browser.js';
import { type MemberSite, memberSite } from './testing/member-site.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const probe = readFileSync(new URL('../browser/probe.js', import.meta.url), 'utf8');

let site: MemberSite;
let server: Served;
let browser: Browser;
beforeAll(async () => {
  site = await memberSite();
  [server, browser] = await Promise.all([listen(site.app), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await site?.close();
});

/** A visitor's own browser window; whatever it complains about fails the test. */
async function visit(look: (page: Page) => Promise<void>, options: { javaScriptEnabled?: boolean } = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  context.setDefaultTimeout(60_000);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await look(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const signIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel('Personal token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

async function expectSound(page: Page): Promise<void> {
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await page.evaluate<object>(probe)).toMatchObject({
    nameless: [],
    unspoken: 0,
    repeatedIds: [],
    headless: 0,
    landmarks: [],
  });
}

test('a researcher signs in, reads the reasons, requests, watches and cancels', async () => {
  await visit(async (page) => {
    await page.goto(`${server.origin}${site.home}`);
    await page.getByRole('link', { name: 'Request jobs' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectSound(page);
    await signIn(page, site.tokens.ann);
    await page.getByRole('heading', { name: 'Request jobs' }).waitFor();
    await expectSound(page);
    const summary = page.locator('#summary');
    expect(await summary.innerText()).toBe('3 actions will run.');
    // With every change the reasons are renewed, and what was ticked keeps the focus.
    await page.getByLabel('Everything that is not up to date').uncheck();
    await summary.getByText('this can’t be requested').waitFor();
    const draw = page.getByLabel('draw', { exact: true });
    await draw.check();
    await summary.getByText('2 actions will run.').waitFor();
    expect(await page.locator('#outcome-1').innerText()).toContain('because it was asked for by name');
    expect(await page.locator('#outcome-2').innerText()).toBe('not asked for');
    expect(await draw.evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.getByRole('button', { name: 'Request', exact: true }).click();
    await page.getByRole('heading', { name: 'Job request 1' }).waitFor();
    await expectSound(page);
    // The page follows what happens without being loaded again.
    const [lease] = await site.lease();
    await page.locator('tbody[data-announce="extract: running."]').waitFor();
    if (lease) await site.beat(lease.task, lease.fence, 640);
    await page.getByText('640 MB of memory').waitFor();
    await page.getByRole('button', { name: 'Cancel draw' }).click();
    await page.locator('tbody[data-announce="draw: failed."]').waitFor();
    expect(await page.locator('main').innerText()).toContain('Next step: Request it again to run it.');
    await page.getByRole('button', { name: 'Cancel all unfinished jobs' }).click();
    await page.locator('main dl.line').getByText('Failed').waitFor();
    expect(await page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
  });
});

test('without script the button Preview does the same', async () => {
  await visit(
    async (page) => {
      await page.goto(`${server.origin}${site.home}/request`);
      await signIn(page, site.tokens.ann);
      await page.getByLabel('Everything that is not up to date').uncheck();
      await page.getByLabel('extract', { exact: true }).check();
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.locator('#summary').getByText('1 action will run.').waitFor();
      expect(await page.getByLabel('extract', { exact: true }).isChecked()).toBe(true);
      await page.getByRole('button', { name: 'Request', exact: true }).click();
      await page.getByRole('heading', { name: /^Job request/ }).waitFor();
    },
    { javaScriptEnabled: false },
  );
});

test('a member of staff pauses a backend and lets it go on', async () => {
  await visit(async (page) => {
    await page.goto(`${server.origin}/sign-in?next=/backends/${site.setting.backendSlug}`);
    await signIn(page, site.tokens.sam);
    await page.getByRole('heading', { name: 'Operation' }).waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('It is paused').waitFor();
    await page.getByLabel('Maintenance of the database').selectOption('on');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText('Its database is being maintained').waitFor();
    await page.getByRole('button', { name: 'End the pause' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });
});
