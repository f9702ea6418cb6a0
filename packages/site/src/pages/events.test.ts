import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExamplePages, examplePages } from './testing/example-pages.js';
import { after, requestOf, runningCourses, succeededCourses } from './testing/example-requests.js';
import { exampleStudy, type ExampleStudy } from './testing/example-study.js';

let study: ExampleStudy;
let site: ExamplePages;
const path = '/winter-pressures/wp-work-package-1/4';
const requestIn = (courses: Parameters<typeof requestOf>[0]['courses']) =>
  requestOf({ repository: study.folder, commit: study.second, number: 4, courses });

beforeAll(() => {
  study = exampleStudy();
  site = examplePages(study, [requestIn(runningCourses)], after(75));
});
afterAll(() => study.remove());

/** Reads until the text has come, or the stream ends. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

test('a change of the request is told to whoever follows it, without saying what it was', async () => {
  const response = await site.app.request(`${path}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no stream');
  await readUntil(reader, 'event: hello');
  site.put(requestIn(succeededCourses));
  expect(await readUntil(reader, 'event: change')).toContain('data: \n\n');
  await reader.cancel();
});

test('a request that does not exist has no stream', async () => {
  expect((await site.app.request('/winter-pressures/wp-work-package-1/99/events')).status).toBe(404);
});
