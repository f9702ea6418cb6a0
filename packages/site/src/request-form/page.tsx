// The page of the form. Every part that depends on what is chosen has an id and `data-preview`: where scripts run, those parts are
// renewed with every change, and without them by the button Preview.
import type { BackendSummary } from '@glovebox/store';
import { Columns, count, FactLine, inWords, Name, Notice, Table } from '@glovebox/ui';
import { RepositoryLink } from '../pages/job-request/facts.js';
import { projectHref, workspaceHref } from '../pages/links.js';
import { Problems } from '../pages/problems.js';
import { SitePage } from '../pages/site-layout.js';
import { ChangeForm } from '../sign-in/change-form.js';
import type { Offer, OfferedAction } from './offer.js';
import { Outcome, outcomeKind } from './outcome.js';

const stateWords = ({ isPaused, isInMaintenance }: BackendSummary): string =>
  isPaused ? 'paused: jobs wait until it goes on' : isInMaintenance ? 'database being maintained: some jobs wait' : '';

const Backends = ({ offer }: { readonly offer: Offer }) => (
  <fieldset>
    <legend>Backend</legend>
    {offer.backends.map((backend) => (
      <div class="choice">
        <input
          type="radio"
          name="backend"
          id={`backend-${backend.slug}`}
          value={backend.slug}
          checked={backend.slug === offer.chosen.backend}
        />
        <label for={`backend-${backend.slug}`}>
          {backend.name}{' '}
          <span class="quiet small">
            {[backend.isSynthetic ? 'synthetic data' : 'real patient data', stateWords(backend)]
              .filter((part) => part !== '')
              .join('; ')}
          </span>
        </label>
      </div>
    ))}
  </fieldset>
);

const Commit = ({ offer }: { readonly offer: Offer }) => (
  <div class="field">
    <label for="commit">Commit</label>
    <input
      id="commit"
      name="commit"
      class="mono"
      value={offer.chosen.commit}
      maxlength={60}
      spellcheck={false}
      autocomplete="off"
      aria-describedby="commit-hint"
    />
    <p class="quiet small" id="commit-hint">
      All 40 characters of its identifier. Leave it empty for the newest of the branch{' '}
      <code>{offer.workspace.branch}</code>.
    </p>
  </div>
);

const Row = ({
  action,
  offer,
  index,
}: {
  readonly action: OfferedAction;
  readonly offer: Offer;
  readonly index: number;
}) => (
  <tr>
    <th scope="row">
      <div class="choice">
        <input
          type="checkbox"
          name="action"
          id={`action-${index}`}
          value={action.name}
          checked={offer.chosen.actions.includes(action.name)}
        />
        <label for={`action-${index}`}>
          <Name text={action.name} />
        </label>
      </div>
    </th>
    <td id={`outcome-${index}`} data-preview>
      <Outcome action={action} />
    </td>
    <td>
      {action.needs.map((need, i) => (
        <>
          {i > 0 && ', '}
          <Name text={need} />
        </>
      ))}
      {action.needs.length === 0 && <span class="quiet">nothing</span>}
    </td>
  </tr>
);

/** "3 actions will run, 2 are reused." */
function summaryOf({ actions, problems }: Offer): string {
  if (problems.length > 0) return 'As it is, this can’t be requested.';
  const kinds = actions.map(outcomeKind);
  const of = (kind: string): number => kinds.filter((one) => one === kind).length;
  const parts = [
    of('run') > 0 ? `${count(of('run'), 'action')} will run` : '',
    of('wait') > 0 ? `${count(of('wait'), 'action')} under way in an earlier request` : '',
    of('reuse') > 0 ? `${of('reuse')} taken from earlier jobs` : '',
    of('current') > 0 ? `${of('current')} up to date` : '',
  ].filter((part) => part !== '');
  return of('run') === 0 ? `Nothing would run: ${inWords(parts)}.` : `${inWords(parts)}.`;
}

const Actions = ({ offer }: { readonly offer: Offer }) => (
  <fieldset>
    <legend>Actions</legend>
    <div class="choice">
      <input
        type="checkbox"
        name="action"
        id="run-all"
        value="run_all"
        checked={offer.chosen.actions.includes('run_all')}
      />
      <label for="run-all">
        Everything that is not up to date <code class="quiet">run_all</code>
      </label>
    </div>
    <div class="choice">
      <input type="checkbox" name="force" id="force" value="true" checked={offer.chosen.force} />
      <label for="force">Run what these need as well, even if it is up to date</label>
    </div>
    <p class="quiet small">
      What is ticked by name runs always. What it needs comes along, and runs only where something that it is made from
      changed.
    </p>
    {offer.actions.length > 0 && (
      <Table label="Actions" kind="offer">
        <Columns of={['Action', 'What would happen', 'Needs']} />
        <tbody>
          {offer.actions.map((action, index) => (
            <Row action={action} offer={offer} index={index} />
          ))}
        </tbody>
      </Table>
    )}
  </fieldset>
);

/** @param formKey tells this form from others, so that sending it twice makes one request */
export const RequestFormPage = ({ offer, formKey }: { readonly offer: Offer; readonly formKey: string }) => {
  const { workspace, problems } = offer;
  const project = { slug: workspace.projectSlug, name: workspace.projectName };
  const home = workspaceHref(project, workspace.name);
  return (
    <SitePage
      title={`Request jobs: ${workspace.name}`}
      crumbs={[
        { text: 'Glovebox', href: '/' },
        { text: workspace.projectName, href: projectHref(project) },
        { text: workspace.name, href: home },
        { text: 'Request jobs' },
      ]}
      isPublic={false}
    >
      <div class="intro">
        <h1>Request jobs</h1>
        <FactLine
          facts={[
            ['Workspace', <a href={home}>{workspace.name}</a>],
            ['Repository', <RepositoryLink repository={workspace.repository} />],
            ['Branch', <code>{workspace.branch}</code>],
          ]}
        />
        <p>The request and its jobs will be public, with the name of who asked.</p>
      </div>
      <glovebox-preview>
        <ChangeForm action={`${home}/request`} class="form" id="request-form">
          <input type="hidden" name="key" value={formKey} />
          <div id="problems" data-preview>
            <Problems problems={problems} />
          </div>
          <Backends offer={offer} />
          <Commit offer={offer} />
          {offer.actions.length === 0 ? (
            <>
              {offer.chosen.actions.map((action) => (
                <input type="hidden" name="action" value={action} />
              ))}
              <Notice>
                <p>There are no actions to choose from until project.yaml can be read. Preview reads it again.</p>
              </Notice>
            </>
          ) : (
            <Actions offer={offer} />
          )}
          <p id="summary" data-preview role="status">
            {summaryOf(offer)}
          </p>
          <p class="buttons">
            <button type="submit" name="do" value="preview">
              Preview
            </button>
            <button type="submit" name="do" value="request" class="main">
              Request
            </button>
          </p>
        </ChangeForm>
      </glovebox-preview>
    </SitePage>
  );
};
