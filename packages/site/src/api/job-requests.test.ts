// Job requests by the API.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeSetting, type Setting } from '@glovebox/testkit';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { apiSite, apiStudy, problemCodes } from '../testing/api-site.js';

const site = await apiSite();
const { app, clock, commit, git, post, repository, store } = site;
afterAll(() => site.close());

let setting: Setting;
let staffToken: string;
let requests: string;
let ask: Awaited<ReturnType<typeof site.fresh>>['ask'];
beforeEach(async () => {
  ({ setting, staffToken, requests, ask } = await site.fresh());
});

describe('a job request', () => {
  test('is made from the newest commit of the branch, and its page is there', async () => {
    const newest = commit({ 'README.md': 'x' });
    const answer = await ask({ actions: ['run_all'] });
    expect(answer).toMatchObject({ status: 201, body: { jobs: 2, message: 'Created 2 jobs.' } });
    const path = new URL(String(answer.body['url'])).pathname;
    expect(path).toBe(`/${setting.names.project}/${setting.names.workspace}/${String(answer.body['number'])}`);
    const twin = await app.request(`${path}.json`);
    expect(await twin.json()).toMatchObject({ commit: newest, branch: 'main', status: 'pending' });
    expect((await app.request(path)).status).toBe(200);
  });

  test('is made from the commit that was named, though the branch has moved on', async () => {
    const before = git('rev-parse', 'HEAD');
    commit({ 'project.yaml': 'nonsense' });
    expect((await ask({ actions: ['extract'], commit: before })).status).toBe(201);
  });

  test('repeated with one key is one request', async () => {
    const headers = { 'Idempotency-Key': 'demo 1' };
    const first = await ask({ actions: ['draw'] }, headers);
    const second = await ask({ actions: ['draw'] }, headers);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(problemCodes(await ask({ actions: ['extract'] }, headers))).toEqual(['request-repeated-differently']);
  });

  test('says beforehand what it would do and why, to whoever has signed in', async () => {
    const planOf = (query: string, token: string) =>
      app.request(`/api/workspaces/${setting.names.workspace}/plan?backend=${setting.backendSlug}${query}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
    const answer = await planOf('&action=draw', setting.personToken);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      {
        actions: [
          { action: 'extract', does: 'run', words: 'will run because it never ran' },
          { action: 'draw', does: 'run', words: 'will run because it was asked for by name' },
        ],
      },
    ]);
    expect((await planOf('&action=draw', 'nobody')).status).toBe(401);
    expect((await planOf('&force=maybe', setting.personToken)).status).toBe(400);
    expect((await planOf('&action=drw', setting.personToken)).status).toBe(422);
  });

  test('is refused when it would query the database with codelists that are out of date', async () => {
    mkdirSync(join(repository, 'codelists'));
    commit({ 'codelists/codelists.txt': 'org/list/1234abcd\n', 'codelists/codelists.json': '{"files": {}}' });
    const answer = await ask({ actions: ['draw'] });
    expect([answer.status, problemCodes(answer)]).toEqual([422, ['codelists-stale', 'codelists-differ-from-manifest']]);
  });

  test('of an image that is not offered is refused, naming the action', async () => {
    commit({ 'project.yaml': apiStudy.replaceAll('python:v2', 'julia:v1') });
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['image-not-allowed']);
  });

  test('of something that does not exist is refused with what it is', async () => {
    const refused: [object, string][] = [
      [{ actions: ['drw'] }, 'unknown-action'],
      [{ actions: ['draw'], commit: 'a'.repeat(40) }, 'commit-missing'],
      [{ actions: ['draw'], backend: 'nowhere' }, 'unknown-backend'],
    ];
    for (const [body, code] of refused) {
      const answer = await ask(body);
      expect([answer.status, problemCodes(answer)]).toEqual([422, [code]]);
    }
    const answer = await post('/api/workspaces/nowhere/job-requests', setting.personToken, {});
    expect([answer.status, problemCodes(answer)]).toEqual([404, ['unknown-workspace']]);
  });

  test('of a broken project.yaml is refused with every problem and its line', async () => {
    commit({
      'project.yaml': apiStudy.replace('needs: [extract]', 'needs: [extrct]').replace('version: "4.0"', 'vers: 4'),
    });
    const answer = await ask({ actions: ['draw'] });
    expect(answer.status).toBe(422);
    expect(answer.body.problems?.length).toBeGreaterThan(1);
    for (const problem of answer.body.problems ?? []) expect(problem.place?.path).toBe('project.yaml');
  });

  test('of a commit without project.yaml, or with one that is not text, is refused', async () => {
    commit({ 'project.yaml': Buffer.from([0xff, 0xfe, 0x00]) });
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['file-not-text']);
    rmSync(join(repository, 'project.yaml'));
    commit({});
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['pipeline-missing']);
  });

  test('of a branch or repository that is gone is refused', async () => {
    git('branch', '-m', 'trunk');
    expect(problemCodes(await ask({ actions: ['draw'] }))).toEqual(['branch-missing']);
    rmSync(repository, { recursive: true });
    const answer = await ask({ actions: ['draw'] });
    expect(answer.status).toBe(422);
    expect(problemCodes(answer)).toHaveLength(1);
  });

  test('is refused to people outside the project or the backend, and to staff without them', async () => {
    const stranger = await makeSetting(store, clock.now());
    for (const token of [stranger.personToken, staffToken]) {
      const answer = await post(requests, token, { backend: setting.backendSlug, actions: ['draw'] });
      expect([answer.status, problemCodes(answer)]).toEqual([403, ['may-not-run']]);
    }
    const elsewhere = await ask({ actions: ['draw'], backend: stranger.backendSlug });
    expect(problemCodes(elsewhere)).toEqual(['may-not-run']);
  });

  test('is cancelled by who made it or staff, and by nobody else', async () => {
    const { body } = await ask({ actions: ['draw'] });
    const cancel = `${requests}/${String(body['number'])}/cancel`;
    const stranger = await makeSetting(store, clock.now());
    expect((await post(cancel, stranger.personToken, {})).status).toBe(403);
    expect((await post(cancel, setting.personToken, { actions: ['draw'] })).body).toEqual({ cancelled: 1 });
    expect((await post(cancel, staffToken, '')).body).toEqual({ cancelled: 1 });
    expect((await post(cancel, staffToken, {})).body).toEqual({ cancelled: 0 });
    expect((await post(`${requests}/999999/cancel`, staffToken, {})).status).toBe(404);
    const elsewhere = `/api/workspaces/${stranger.names.workspace}/job-requests/${String(body['number'])}/cancel`;
    expect((await post(elsewhere, staffToken, {})).status).toBe(404);
  });
});
