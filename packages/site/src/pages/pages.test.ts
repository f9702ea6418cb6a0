// The pages of requests and jobs.
import { afterAll, expect, describe, test } from 'vitest';
import { base, exampleSite } from './testing/example-site.js';
import { examplePages } from './testing/example-pages.js';
import { after, coursesOfAll, largePipeline, requestOf } from './testing/example-requests.js';

const { study, requests, get, page } = exampleSite();
afterAll(() => study.remove());

const textOf = (html: string): string =>
  html
    .replaceAll('<wbr/>', '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.')
    .replaceAll(' ,', ',');

describe('the job request page', () => {
  test('says who asked for what, of which commit, and how it ended', async () => {
    const text = textOf(await page(`${base}/2`));
    for (const part of [
      'Job request 2',
      '5amxblokuh3djs5z',
      'Bennett Institute',
      'wp-work-package-1',
      'TPP (synthetic data)',
      'Alex Smith of Bennett Institute asked for 8 actions',
      'All its jobs have ended: 8 succeeded.',
      study.second,
      'Force run dependencies No',
      'Branch main',
      'Created 3 Feb 2026, 09:00:00 UTC',
      'Run time of its finished jobs 00:01:48',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('each job has its status, identifier, message, run time and the levels of its outputs', async () => {
    const html = await page(`${base}/2`);
    const job = requests.finished.jobs.find((j) => j.action === 'generate_pre_processing');
    const row = new RegExp(`<tbody id="job-${job?.identifier}".*?</tbody>`, 's').exec(html)?.[0] ?? '';
    const text = textOf(row);
    expect(text).toMatch(/Succeeded .*generate_pre_processing asked for · Completed successfully\./);
    expect(text).toContain('Highly sensitive × 2');
    expect(text).toContain('Moderately sensitive');
    expect(text).toContain('00:00:11');
    expect(row).toContain('waited 00:00:32, ran 00:00:11');
  });

  test('a job that failed says why, what caused it and what to do next', async () => {
    const text = textOf(await page(`${base}/3`));
    expect(text).toContain('an output that project.yaml declares was not made. unmatched_patterns');
    expect(text).toContain('Cause: generate_pre_processing failed.');
    expect(text).toContain('Next step: Fix the action that failed first');
    expect(text).toContain('4 succeeded and 4 failed');
  });

  test('a job that waits says for which jobs', async () => {
    expect(textOf(await page(`${base}/4`))).toContain('Waits for generate_practice_measures (running).');
  });

  test('a request without jobs says so with a next step', async () => {
    const text = textOf(await page(`${base}/7`));
    expect(text).toContain('Every action has succeeded.');
    expect(text).toContain('request them even if they are up to date');
  });

  test('project.yaml is highlighted, its lines are anchors, and words that are committed files are links', async () => {
    const html = await page(`${base}/2`);
    expect(html).toContain('id="Y7"');
    expect(html).toContain(`<a href="${base}/2/code/analysis/viz_measures.r">analysis/viz_measures.r</a>`);
    expect(html).not.toContain(`${base}/2/code/output/`);
    expect(html).toMatch(/class="t-string[a-z-]*"/);
  });

  test('the pipeline of more than 300 actions is listed by stage', async () => {
    const html = await page(`${base}/5`);
    expect(html).toContain('400 actions are too many for a picture');
    expect(html).not.toContain('class="graph"');
    expect(textOf(html)).toContain('Stage 4: 10 actions; 10 succeeded');
  });

  test('the comparison has words first, then files with counts, then lines', async () => {
    const text = textOf(await page(`${base}/2`));
    expect(text).toContain('Compared with the previous request, 1, at commit');
    expect(text).toContain('1 action changed in project.yaml: generate_app_summary (needs).');
    expect(text).toContain('The code that 1 action runs changed: generate_app_viz.');
    expect(text).toContain('The codelist opensafely-asthma gained 14 codes and lost 3 codes.');
    expect(text).toContain('38 unchanged lines');
    expect(text).toContain('theme_set(theme_minimal(base_size = 14))');
  });

  test('two requests of the same commit are the same code', async () => {
    expect(textOf(await page(`${base}/3`))).toContain('Both ran the same commit, so the code is the same.');
  });

  test('a page holds 250 jobs at most, with links to those before and after in the same order', async () => {
    const text = largePipeline(600);
    const jobs = requestOf({ repository: 'x', commit: '', number: 9, text, courses: coursesOfAll(text) }).jobs;
    const { app } = examplePages(study, [{ ...requests.finished, number: 9, jobs }], after(75));
    const shown = async (query: string) => {
      const html = await (await app.request(`${base}/9${query}`)).text();
      return { rows: html.match(/<tbody id="job-/g)?.length, words: textOf(html), html };
    };
    const first = await shown('?sort=action');
    expect(first.rows).toBe(250);
    expect(first.words).toContain('Jobs 1 to 250 of 600 Next');
    expect(first.html).toContain('href="?sort=action&amp;from=251"');
    const last = await shown('?sort=action&from=501');
    expect([last.rows, last.words.includes('Jobs 501 to 600 of 600 Previous')]).toEqual([100, true]);
    for (const wrong of ['from=0', 'from=601', 'from=-5', 'from=x', 'from=1e99']) {
      expect((await shown(`?${wrong}`)).words).toContain('Jobs 1 to 250 of 600');
    }
    expect((await shown('')).html).not.toContain('from=-');
  });

  test('what was cancelled is told apart from what failed by itself', async () => {
    const one = requests.finished.jobs.map((job, i) =>
      i === 0 ? { ...job, state: 'failed' as const, code: 'cancelled_by_user' as const } : job,
    );
    const failed = { pending: 0, running: 0, succeeded: 7, failed: 1 };
    const { app } = examplePages(study, [{ ...requests.finished, jobs: one, jobCounts: failed }], after(75));
    expect(textOf(await (await app.request(`${base}/2`)).text())).toContain(
      'All its jobs have ended: 7 succeeded and 1 failed; what failed was cancelled.',
    );
  });

  test('jobs sort by links, and the sorted column says so', async () => {
    const html = await page(`${base}/3?sort=status`);
    expect(html).toContain('aria-sort="ascending"');
    expect(html.indexOf('generate_measures_viz: failed')).toBeLessThan(
      html.indexOf('generate_patient_measures: succeeded'),
    );
  });

  test('is complete when the repository can not be read', async () => {
    const broken = examplePages(
      { ...study, code: { compare: fails, readText: fails, listFiles: fails } },
      [{ ...requests.finished, repository: '/away' }],
      after(75),
    );
    const text = textOf(await (await broken.app.request(`${base}/2`)).text());
    expect(text).toContain('be compared now: the repository did not answer');
    expect(text).toContain('generate_measures_viz');
  });
});

const fails = async (): Promise<never> => {
  throw new Error('the repository is away');
};

describe('the job page', () => {
  test('shows the command with links to scripts, the states, the outputs and what it needs', async () => {
    const job = requests.failed.jobs.find((j) => j.action === 'generate_measures_viz');
    const html = await page(`${base}/2/${job?.identifier}`);
    expect(html).toMatch(/r:latest.*<a href="[^"]*\/code\/analysis\/viz_measures\.r">analysis\/viz_measures\.r<\/a>/s);
    const text = textOf(html);
    for (const part of ['Created.', 'Completed successfully.', 'output/*/*.png', 'generate_pre_processing', '812 MB']) {
      expect(text).toContain(part);
    }
  });

  test('of a job that runs or waits says how far it is, what it may use, its place and how long it usually takes', async () => {
    const open = requests.running.jobs;
    // The example requests share identifiers.
    const alone = examplePages(study, [requests.running], after(75));
    const at = async (action: string) =>
      (await alone.app.request(`${base}/4/${open.find((j) => j.action === action)?.identifier}`)).text();
    const running = await at('generate_practice_measures');
    expect(textOf(running)).toContain('Ran 00:00:42 when last heard of.');
    expect(running).toContain('aria-label="16 % of the memory that it may use"');
    expect(textOf(running)).toContain('640 MB of 4,096 MB of memory');
    const waiting = textOf(await at('generate_app_summary'));
    expect(waiting).toContain('Place 3 of 5 in the queue. 2 jobs go before it.');
    expect(waiting).toContain('Usually takes 2 to 6 min. (the middle half of its last 4 runs that succeeded)');
  });

  test('says what it asked for and used, what ran it, why it was made, and which earlier job stands for what it needs', async () => {
    const [job] = requests.finished.jobs.filter((j) => j.action === 'generate_measures_viz');
    if (!job) throw new Error('the request has no such job');
    const digest = `sha256:${'d'.repeat(64)}`;
    const earlier = 'aaaaaaaaaaaaaaaa';
    const reused = {
      ...requests.finished,
      number: 8,
      jobs: [
        {
          ...job,
          because: '`analysis/viz_measures.r` changed',
          runtime: { digest },
          requested: { memoryMegabytes: 8192, wallSeconds: 3600, processors: null },
        },
      ],
      withoutJob: [
        {
          action: 'generate_pre_processing',
          does: 'reuse' as const,
          job: earlier,
          isLatest: true,
          isInput: true,
          words: `reused from job ${earlier}`,
        },
      ],
    };
    const more = examplePages(study, [reused], after(75));
    const html = await (await more.app.request(`${base}/8/${job.identifier}`)).text();
    const text = textOf(html);
    for (const part of [
      'Made because analysis/viz_measures.r changed.',
      `reused from job ${earlier}`,
      digest,
      'Requested Time 01:00:00 Processors the backend’s own limit Memory 8,192 MB',
      'Used Time 00:01:10 Processor time 00:01:05 Most memory 812 MB Memory limit 4,096 MB',
    ]) {
      expect(text).toContain(part);
    }
    expect(html).toContain(`<a href="/jobs/${earlier}">generate_pre_processing</a>`);
  });

  test('a prefix of the identifier leads to it; an ambiguous or unknown one does not', async () => {
    const [job] = requests.finished.jobs;
    const response = await get(`${base}/2/${job?.identifier.slice(0, 6)}`);
    expect([response.status, response.headers.get('location')]).toEqual([302, `${base}/2/${job?.identifier}`]);
    const letters = requests.large.jobs.map((j) => j.identifier[0] ?? '');
    const shared = letters.find((letter, i) => letters.indexOf(letter) !== i);
    expect((await get(`${base}/5/${shared}`)).status).toBe(404);
    expect((await get(`${base}/2/7777777777777777`)).status).toBe(404);
  });

  test('short addresses lead to the page', async () => {
    const [job] = requests.finished.jobs;
    expect((await get('/job-requests/2')).headers.get('location')).toBe(`${base}/2`);
    expect((await get(`/jobs/${job?.identifier}`)).headers.get('location')).toMatch(`/${job?.identifier}`);
  });
});
