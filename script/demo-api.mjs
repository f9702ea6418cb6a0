// The site's API and the JSON twins of its pages, as the demo uses them.

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
    const response = await fetch(new URL(path, this.site), {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return this.#read(response, `POST ${path}`);
  }

  /** A page as JSON; public, so without the token. @param {string} path @param {AbortSignal} [signal] */
  async page(path, signal) {
    const response = await fetch(new URL(path, this.site), { headers: { accept: 'application/json' }, signal });
    return this.#read(response, `GET ${path}`);
  }

  /** The newest job request of a workspace, or undefined. */
  async latestRequest(project, workspace) {
    const { jobRequests } = await this.page(`/${project}/${workspace}`);
    return jobRequests[0];
  }

  async #read(response, what) {
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new ApiRefusal(`The site answered ${response.status} to ${what}:\n${describe(text)}`);
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
