// Addresses of pages and of code elsewhere. Every value that is put into an address is encoded here and nowhere else.
import type { Named, RequestSummaryView } from '@glovebox/record';

const part = encodeURIComponent;

export const organisationHref = (organisation: Named): string => `/organisations/${part(organisation.slug)}`;
export const backendHref = (backend: Named): string => `/backends/${part(backend.slug)}`;
export const projectHref = (project: Named): string => `/${part(project.slug)}`;
export const workspaceHref = (project: Named, workspace: string): string =>
  `${projectHref(project)}/${part(workspace)}`;

type RequestPlace = Pick<RequestSummaryView, 'project' | 'workspace' | 'number'>;

export const requestHref = (request: RequestPlace): string =>
  `${workspaceHref(request.project, request.workspace)}/${request.number}`;
export const jobHref = (request: RequestPlace, identifier: string): string =>
  `${requestHref(request)}/${part(identifier)}`;
/** The form of a job request, filled in. */
export const requestFormHref = (
  { project, workspace }: Pick<RequestPlace, 'project' | 'workspace'>,
  fields: Readonly<Record<string, string>> = {},
): string => {
  const query = new URLSearchParams(fields).toString();
  return `${workspaceHref(project, workspace)}/request${query === '' ? '' : `?${query}`}`;
};
/** A file at the commit of a job request. */
export const codeHref = (request: RequestPlace, path: string): string =>
  `${requestHref(request)}/code/${path.split('/').map(part).join('/')}`;

/** The repository's own page, when its address is one that a browser can open. */
export function repositoryHref(repository: string): string | null {
  if (!/^https?:\/\//.test(repository) || !URL.canParse(repository)) return null;
  const url = new URL(repository);
  url.username = '';
  url.password = '';
  return url.href.replace(/\.git$/, '').replace(/\/$/, '');
}

export const shortCommit = (commit: string): string => commit.slice(0, 7);
