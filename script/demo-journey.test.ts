// A newcomer's journey with everything real: the demo makes its platform, the study runs, a browser reads the public page. The
// picture in the README is the one taken here: GLOVEBOX_UPDATE_PICTURES=1 npx vitest run script/demo-journey.test.ts
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- a plain script without types
import { launchBrowser } from './browser.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const shouldKeepPicture = process.env['GLOVEBOX_UPDATE_PICTURES'] === '1';
const folder = mkdtempSync(join(tmpdir(), 'glovebox-demo-'));
let demo: ChildProcess;
let browser: Browser;
let page: Page;
let printed = '';
const ended = { code: undefined as number | null | undefined };

/** Resolves with what the demo has printed once the text is there; rejects when the demo ends before. */
function untilPrinted(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (printed.includes(text)) resolve(printed);
      else if (ended.code !== undefined)
        reject(new Error(`the demo ended with ${ended.code} before it printed ${text}:\n${printed}`));
    };
    demo.stdout?.on('data', look);
    demo.on('close', look);
    look();
  });
}

beforeAll(async () => {
  const patients = shouldKeepPicture ? '100000' : '2000';
  demo = spawn(join(root, 'script/demo'), ['--break', '--patients', patients, '--data', folder, '--port', '0'], {
    cwd: root,
  });
  const keep = (chunk: Buffer): void => void (printed += chunk.toString());
  demo.stdout?.on('data', keep);
  demo.stderr?.on('data', keep);
  demo.on('close', (code) => (ended.code = code));
  await untilPrinted('stays up');
  browser = await launchBrowser();
  page = await browser.newPage({
    viewport: { width: 1280, height: 1100 },
    deviceScaleFactor: shouldKeepPicture ? 1.5 : 1,
  });
}, 600_000);

afterAll(async () => {
  await browser?.close();
  const isOver = new Promise((resolve) => demo.once('close', resolve));
  if (ended.code === undefined) {
    demo.kill('SIGINT');
    await isOver;
  }
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const addressOf = (number: number): string => new RegExp(`Job request ${number}: (\\S+)`).exec(printed)?.[1] ?? '';

describe('the demo', () => {
  it('runs the study whole at both commits, then shows a request that fails', () => {
    expect(printed.match(/All 8 jobs succeeded/g)).toHaveLength(2);
    expect(printed).toContain('It failed as it should');
  });

  it('shows the request on a public page: jobs, levels, pipeline and what changed', async () => {
    await page.goto(addressOf(2));
    const text = await page.locator('main').innerText();
    expect(text).toContain('8 succeeded');
    expect(text).toMatch(/The codelist \S+ gained \d+ codes/);
    expect(text).toContain('Highly sensitive');
    expect(await page.locator('svg a').count()).toBeGreaterThanOrEqual(8);
    expect(await page.locator('h1').innerText()).toBe('Job request 2');
    if (shouldKeepPicture) await page.screenshot({ path: join(root, 'docs/images/job-request.png') });
  });

  it('shows a failing request as usefully: reason, cause, next step', async () => {
    await page.goto(addressOf(3));
    const text = await page.locator('main').innerText();
    expect(text).toContain('Exit code 1.');
    expect(text).toContain('an output that project.yaml declares was not made');
    expect(text).toMatch(/Cause: generate_pre_processing failed/);
    expect(text).toContain('Next step:');
    if (shouldKeepPicture) await page.screenshot({ path: join(root, 'docs/images/failed-request.png') });
  });

  it('gives the same as JSON', async () => {
    const view = (await (await fetch(`${addressOf(2)}.json`)).json()) as {
      status: string;
      jobs: { state: string; outputs: { level: string }[] }[];
    };
    expect(view.status).toBe('succeeded');
    expect(view.jobs).toHaveLength(8);
    expect(view.jobs.every((job) => job.state === 'succeeded' && job.outputs.length > 0)).toBe(true);
  });
});
