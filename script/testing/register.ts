// Who and what takes part in a test: an organisation, a project, its workspaces and a researcher.
import { SiteApi } from './site-api.js';

export interface Parties {
  /** Workspace to the folder of its repository. */
  readonly workspaces: Readonly<Record<string, string>>;
  readonly backends: readonly string[];
}

export const project = 'trial';

/** @returns the API as the researcher has it */
export async function register(admin: SiteApi, { workspaces, backends }: Parties): Promise<SiteApi> {
  await admin.make('/api/organisations', { slug: 'institute', name: 'Institute' });
  await admin.make('/api/projects', { slug: project, name: 'Trial', organisation: 'institute', permissions: [] });
  for (const [name, repository] of Object.entries(workspaces)) {
    await admin.make('/api/workspaces', { name, project, repository, branch: 'main' });
  }
  const person = { username: 'researcher', name: 'Researcher', roles: ['researcher'], projects: [project], backends };
  const { token } = await admin.make('/api/people', person);
  return new SiteApi(admin.site, String(token));
}
