// Who asks and for what: organisations, projects and workspaces, and the log of all requests.
import type {
  OrganisationSummary,
  OrganisationView,
  ProjectSummary,
  ProjectView,
  WorkspaceSummary,
} from '@glovebox/store';
import { count, Facts, Notice } from '@glovebox/ui';
import { RepositoryLink } from '../job-request/facts.js';
import { organisationHref, projectHref, requestFormHref, workspaceHref } from '../links.js';
import { SitePage } from '../site-layout.js';
import { RequestList, type RequestPage, type Scope } from './request-list.js';

const home = { text: 'Glovebox', href: '/' };

/** The requests of something, and which page of them. */
export interface Log {
  readonly page: RequestPage;
  readonly before: number | undefined;
}

const Requests = ({ log, scope }: { readonly log: Log; readonly scope: Scope }) => (
  <section class="stack">
    <h2>Job requests</h2>
    <RequestList page={log.page} before={log.before} scope={scope} />
  </section>
);

export const EventLogPage = ({ log }: { readonly log: Log }) => (
  <SitePage
    title="All job requests"
    crumbs={[home, { text: 'All job requests' }]}
    jsonHref="/event-log.json"
    feedHref="/event-log.atom"
  >
    <div class="intro">
      <h1>All job requests</h1>
    </div>
    <RequestList page={log.page} before={log.before} />
  </SitePage>
);

const Listing = ({
  items,
  empty,
}: {
  readonly items: readonly { readonly href: string; readonly name: string; readonly about: string }[];
  readonly empty: string;
}) =>
  items.length === 0 ? (
    <Notice>
      <p>{empty}</p>
    </Notice>
  ) : (
    <ul class="plain">
      {items.map(({ href, name, about }) => (
        <li>
          <a href={href}>{name}</a> <span class="quiet small">{about}</span>
        </li>
      ))}
    </ul>
  );

export const OrganisationsPage = ({ organisations }: { readonly organisations: readonly OrganisationSummary[] }) => (
  <SitePage title="Organisations" crumbs={[home, { text: 'Organisations' }]} jsonHref="/organisations.json">
    <div class="intro">
      <h1>Organisations</h1>
    </div>
    <Listing
      empty="No organisation is registered yet."
      items={organisations.map((o) => ({
        href: organisationHref(o),
        name: o.name,
        about: count(o.projectCount, 'project'),
      }))}
    />
  </SitePage>
);

export const ProjectsPage = ({ projects }: { readonly projects: readonly ProjectSummary[] }) => (
  <SitePage title="Projects" crumbs={[home, { text: 'Projects' }]} jsonHref="/projects.json">
    <div class="intro">
      <h1>Projects</h1>
      <p class="quiet">Each project is an approved purpose for which data may be used.</p>
    </div>
    <Listing
      empty="No project is registered yet."
      items={projects.map((p) => ({
        href: projectHref(p),
        name: p.name,
        about: `${p.organisation.name}, ${count(p.workspaceCount, 'workspace')}`,
      }))}
    />
  </SitePage>
);

export const OrganisationPage = ({
  organisation,
  log,
}: {
  readonly organisation: OrganisationView;
  readonly log: Log;
}) => (
  <SitePage
    title={organisation.name}
    crumbs={[home, { text: 'Organisations', href: '/organisations' }, { text: organisation.name }]}
    jsonHref={`${organisationHref(organisation)}.json`}
  >
    <div class="intro">
      <h1>{organisation.name}</h1>
    </div>
    <section class="stack">
      <h2>Projects</h2>
      <Listing
        empty="This organisation has no project yet."
        items={organisation.projects.map((p) => ({
          href: projectHref(p),
          name: p.name,
          about: count(p.workspaceCount, 'workspace'),
        }))}
      />
    </section>
    <Requests log={log} scope="organisation" />
  </SitePage>
);

export const ProjectPage = ({ project, log }: { readonly project: ProjectView; readonly log: Log }) => (
  <SitePage
    title={project.name}
    crumbs={[
      home,
      { text: project.organisation.name, href: organisationHref(project.organisation) },
      { text: project.name },
    ]}
    jsonHref={`${projectHref(project)}.json`}
  >
    <div class="intro">
      <h1>{project.name}</h1>
      <p class="line">
        <a href={organisationHref(project.organisation)}>{project.organisation.name}</a>
      </p>
    </div>
    <section class="stack">
      <h2>Workspaces</h2>
      <Listing
        empty="This project has no workspace yet."
        items={project.workspaces.map((w) => ({
          href: workspaceHref(project, w.name),
          name: w.name,
          about: w.purpose ?? '',
        }))}
      />
    </section>
    <Requests log={log} scope="project" />
  </SitePage>
);

export const WorkspacePage = ({ workspace, log }: { readonly workspace: WorkspaceSummary; readonly log: Log }) => (
  <SitePage
    title={`${workspace.name}: ${workspace.project.name}`}
    crumbs={[
      home,
      { text: workspace.organisation.name, href: organisationHref(workspace.organisation) },
      { text: workspace.project.name, href: projectHref(workspace.project) },
      { text: workspace.name },
    ]}
    jsonHref={`${workspaceHref(workspace.project, workspace.name)}.json`}
    feedHref={`${workspaceHref(workspace.project, workspace.name)}.atom`}
  >
    <div class="intro">
      <h1>{workspace.name}</h1>
      {workspace.purpose !== null && <p>{workspace.purpose}</p>}
      <p class="line">
        <a href={requestFormHref({ project: workspace.project, workspace: workspace.name })}>Request jobs</a>
      </p>
    </div>
    <section>
      <h2>Code</h2>
      <Facts
        wide
        facts={[
          ['Repository', <RepositoryLink repository={workspace.repository} />],
          ['Branch', <code>{workspace.branch}</code>],
        ]}
      />
    </section>
    <Requests log={log} scope="workspace" />
  </SitePage>
);
