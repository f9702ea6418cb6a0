// The site's API and the JSON twins of its pages for tests. A call that gets no answer, because the site is being killed or
// started, is made again with the same idempotency key; every answer is given back with its status, refusals too.
import { randomUUID } from 'node:crypto';
import type { JobPageView, JobRequestView } from '../../packages/record/src/views.js';
import type { Problem } from '../../packages/record/src/problem.js';
import { until } from './until.js';

const longestOutageSeconds = 30;

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly problems?: readonly Problem[] };
}

export interface RequestMade {
  readonly number: number;
  readonly path: string;
}

export class SiteApi {
  readonly site: string;
  readonly #token: string;

  constructor(site: string, token: string) {
    this.site = site;
    this.#token = token;
  }

  /** The same person at another address of the site. */
  at(site: string): SiteApi {
    return new SiteApi(site, this.#token);
  }

  async post(path: string, body: object): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** As `post`, for what has to succeed. */
  async make(path: string, body: object): Promise<Answer['body']> {
    const { status, body: answer } = await this.post(path, body);
    if (status >= 300) throw new Error(`POST ${path} was answered ${status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async request(workspace: string, body: object): Promise<RequestMade> {
    const { number, url } = await this.make(`/api/workspaces/${workspace}/job-requests`, body);
    return { number: Number(number), path: new URL(String(url)).pathname };
  }

  /** Cancels every job of the request that has not ended. */
  async cancel({ path }: RequestMade): Promise<void> {
    const [, , workspace, number] = path.split('/');
    await this.make(`/api/workspaces/${workspace}/job-requests/${number}/cancel`, {});
  }

  async requestPage({ path }: RequestMade): Promise<JobRequestView> {
    return (await this.#page(path)) as unknown as JobRequestView;
  }

  async jobPage({ path }: RequestMade, job: string): Promise<JobPageView> {
    return (await this.#page(`${path}/${job}`)) as unknown as JobPageView;
  }

  async #page(path: string): Promise<Answer['body']> {
    const { status, body } = await this.#ask(path, { headers: { accept: 'application/json' } });
    if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  #ask(path: string, options: RequestInit): Promise<Answer> {
    return until(`${this.site}${path} answers`, longestOutageSeconds, async () => {
      try {
        const response = await fetch(new URL(path, this.site), options);
        // As while its database is being started again.
        if (response.status >= 500) return undefined;
        return { status: response.status, body: (await response.json()) as Answer['body'] };
      } catch (error) {
        // What fetch throws when a connection can't be made or breaks; half an answer is no JSON.
        if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
        throw error;
      }
    });
  }
}

/** Resolves once every job of the request has ended. */
export async function untilEnded(api: SiteApi, request: RequestMade, seconds: number): Promise<JobRequestView> {
  return until(`request ${request.number} has ended`, seconds, async () => {
    const page = await api.requestPage(request);
    return page.jobs.every(({ state }) => state === 'succeeded' || state === 'failed') ? page : undefined;
  });
}
