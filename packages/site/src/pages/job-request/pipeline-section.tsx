// The pipeline twice: as a picture of what this request did with each action, and as project.yaml itself.
import { createHash } from 'node:crypto';
import type { JobRequestView } from '@glovebox/record';
import { count, Disclosure, LevelChips, Notice, StatusBadge, written } from '@glovebox/ui';
import type { HtmlEscapedString } from 'hono/utils/html';
import { type DrawnAction, GraphDrawing } from '../../graph/drawing.js';
import {
  type GraphAction,
  type GraphLayout,
  isDrawable,
  layOut,
  mostDrawnActions,
  stages,
} from '../../graph/layout.js';
import { Code } from '../code.js';
import { highlight } from '../highlighter.js';
import { digestOf, kept } from '../kept.js';
import { codeHref, jobHref, requestHref } from '../links.js';
import { filesOf, type StudyCode } from '../study-code.js';
import { countsInWords } from './jobs-table.js';

const keptLayouts = kept<GraphLayout>(100);
const keptYaml = kept<Promise<HtmlEscapedString>>(100);

/** The line of project.yaml that each action's name stands on, where that can be seen without parsing. */
function linesOfActions(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  text.split('\n').forEach((line, i) => {
    const name = /^\s+["']?([^\s"':#]+)["']?\s*:\s*(?:#.*)?$/.exec(line)?.[1];
    if (name !== undefined && !lines.has(name)) lines.set(name, i + 1);
  });
  return lines;
}

/** Each action with its job's state, levels without repeats, and where its box leads: its job, else its line. */
function drawnActions(request: JobRequestView): readonly DrawnAction[] {
  const jobs = new Map(request.jobs.map((job) => [job.action, job]));
  const lines = linesOfActions(request.pipelineText);
  return request.actions.map((action) => {
    const job = jobs.get(action.name);
    return {
      name: action.name,
      state: job?.state ?? null,
      levels: [...new Set(action.outputs.map((output) => output.level))].sort(),
      href: job ? jobHref(request, job.identifier) : `#Y${lines.get(action.name) ?? 1}`,
    };
  });
}

const graphActionsOf = (request: JobRequestView): readonly GraphAction[] =>
  request.actions.map(({ name, needs, outputs }) => ({
    name,
    needs,
    marks: new Set(outputs.map((o) => o.level)).size,
  }));

/** "10 actions; 8 succeeded and 2 failed". */
function stageInWords(names: readonly string[], actions: ReadonlyMap<string, DrawnAction>): string {
  const counts = { pending: 0, running: 0, succeeded: 0, failed: 0 };
  for (const name of names) {
    const state = actions.get(name)?.state;
    if (state) counts[state] += 1;
  }
  const states = countsInWords(counts);
  return `${count(names.length, 'action')}${states === '' ? '' : `; ${states}`}`;
}

const StageList = ({
  request,
  actions,
}: {
  readonly request: JobRequestView;
  readonly actions: readonly DrawnAction[];
}) => {
  const byName = new Map(actions.map((action) => [action.name, action]));
  return (
    <div class="stack">
      <p class="quiet">
        {request.actions.length > mostDrawnActions
          ? `${request.actions.length.toLocaleString('en-GB')} actions are too many for a picture, so they are listed by stage`
          : 'Too many needs cross one another for a picture, so the actions are listed by stage'}
        : each needs something of the stage before.
      </p>
      {stages(graphActionsOf(request)).map((names, i) => (
        <Disclosure summary={`Stage ${i + 1}: ${stageInWords(names, byName)}`}>
          <ul class="stages frame">
            {names.map((name) => {
              const action = byName.get(name);
              return (
                action && (
                  <li>
                    <a href={action.href}>{name}</a>
                    {action.state ? <StatusBadge status={action.state} /> : <span class="quiet">not requested</span>}
                    <LevelChips levels={action.levels} />
                  </li>
                )
              );
            })}
          </ul>
        </Disclosure>
      ))}
    </div>
  );
};

const Graph = ({ request }: { readonly request: JobRequestView }) => {
  const actions = drawnActions(request);
  const graphActions = graphActionsOf(request);
  if (!isDrawable(graphActions)) return <StageList request={request} actions={actions} />;
  const layout = keptLayouts(digestOf(JSON.stringify(graphActions)), () => layOut(graphActions));
  return <GraphDrawing layout={layout} actions={actions} />;
};

/** project.yaml as markup with links to the committed files that it names. */
async function yamlMarkup(request: JobRequestView, files: ReadonlySet<string>): Promise<HtmlEscapedString> {
  const lines = await highlight(request.pipelineText, 'project.yaml');
  const linkOf = (word: string) => {
    const path = word.replace(/^\.\//, '');
    return files.has(path) ? codeHref(request, path) : null;
  };
  return written(<Code lines={lines} anchor="Y" linkOf={linkOf} />);
}

/** Texts longer than this stay out of the page; they have a page of their own. */
const mostCarriedCharacters = 40_000;

const bytesOf = (text: string) => Math.ceil(Buffer.byteLength(text) / 1024);

export async function pipelineSection(request: JobRequestView, code: StudyCode) {
  const { pipelineText } = request;
  if (pipelineText === '') {
    return (
      <Notice>
        <p>This request has no project.yaml: it was refused before one was read.</p>
      </Notice>
    );
  }
  const isCarried = pipelineText.length <= mostCarriedCharacters;
  const digest = createHash('sha256').update(pipelineText).digest('hex');
  const files = await filesOf(code, request.commit);
  // The links hold the request's own address, so the address is part of the key.
  const key = `${requestHref(request)} ${digest} ${files.size}`;
  const yaml = isCarried ? await keptYaml(key, () => yamlMarkup(request, files)) : null;
  return (
    <div class="stack">
      <Graph request={request} />
      {yaml === null ? (
        <p>
          <a href={codeHref(request, 'project.yaml')}>project.yaml</a> ({bytesOf(pipelineText)} KB)
        </p>
      ) : (
        <Disclosure id="project-yaml" summary={`Show project.yaml (${pipelineText.split('\n').length - 1} lines)`}>
          {yaml}
        </Disclosure>
      )}
    </div>
  );
}
