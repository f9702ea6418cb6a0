// The site's API and the JSON twins of its pages, as the demo uses them. A call that gets no answer is made again: everything
// here may be repeated, because registering the same again changes nothing and a job request carries a key.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** The site is started again when it dies; meanwhile it doesn't answer. */
const longestOutage = 30_000;

/** The site said no. The message holds its problems as they are told to a person. */
export class ApiRefusal extends Error {}

export class Api {
  #token;

  /** @param {string} site its address @param {string} token of the person who asks */
  constructor(site, token) {
    this.site = site;
    this.#token = token;
  }

  /** @param {string} path @param {object} body @returns {Promise<any>} what the site answered @throws {ApiRefusal} */
  async post(path, body) {
    return this.#ask(`POST ${path}`, path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body),
    });
  }

  /** A page as JSON; public, so without the token. @param {string} path */
  page(path) {
    return this.#ask(`GET ${path}`, path, { headers: { accept: 'application/json' } });
  }

  /** The newest job requests of a workspace. */
  async jobRequests(project, workspace) {
    const { jobRequests } = await this.page(`/${project}/${workspace}`);
    return jobRequests;
  }

  async #ask(what, path, options) {
    const until = Date.now() + longestOutage;
    for (;;) {
      try {
        const response = await fetch(new URL(path, this.site), options);
        const text = await response.text();
        if (response.ok) return JSON.parse(text);
        throw new ApiRefusal(`The site answered ${response.status} to ${what}:\n${describe(text)}`);
      } catch (error) {
        // What fetch throws when there is no answer. A refusal is an answer.
        if (!(error instanceof TypeError) || Date.now() > until) throw error;
        await pause(500);
      }
    }
  }
}

/** The problems in an answer, a line each; the answer itself when it holds none. */
function describe(text) {
  try {
    const { problems } = JSON.parse(text);
    return problems.map(({ message, hint }) => `  ${message}${hint ? `\n  ${hint}` : ''}`).join('\n');
  } catch {
    return text.slice(0, 500);
  }
}
