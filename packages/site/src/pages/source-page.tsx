// One file of a study at the commit of a job request, with lines that can be linked to.
import type { JobRequestView } from '@glovebox/record';
import { Notice, written } from '@glovebox/ui';
import type { HtmlEscapedString } from 'hono/utils/html';
import { revealed } from '../comparison/revealed.js';
import { Code } from './code.js';
import { highlight } from './highlighter.js';
import { kept } from './kept.js';
import { codeHref, projectHref, requestHref, shortCommit, workspaceHref } from './links.js';
import { SitePage } from './site-layout.js';
import type { StudyCode } from './study-code.js';

const mostShownLines = 20_000;

const keptSources = kept<Promise<HtmlEscapedString>>(50);

async function markupOf(text: string, path: string): Promise<HtmlEscapedString> {
  const lines = await highlight(text, path);
  return written(<Code lines={lines} anchor="L" />);
}

/** @returns `null` when the commit has no such file */
export async function sourcePage(request: JobRequestView, path: string, code: StudyCode) {
  const files = await code.listFiles(request.commit);
  if (!files.has(path)) return null;
  const whole = await code.readText(request.commit, path);
  // Every line is markup of some hundred bytes, so a file of line breaks alone would be a page of many megabytes.
  const text = whole !== null && whole.split('\n', mostShownLines + 1).length > mostShownLines ? null : whole;
  const key = `${request.repository} ${request.commit} ${path}`;
  return (
    <SitePage
      title={`${path} at ${shortCommit(request.commit)}`}
      crumbs={[
        { text: 'Glovebox', href: '/' },
        { text: request.project.name, href: projectHref(request.project) },
        { text: request.workspace, href: workspaceHref(request.project, request.workspace) },
        { text: `Job request ${request.number}`, href: requestHref(request) },
        { text: path },
      ]}
    >
      <div class="intro">
        <h1>
          <code>{revealed(path)}</code>
        </h1>
        <p class="line">
          <span>
            As it was at commit <code>{request.commit}</code>
          </span>
          {path !== 'project.yaml' && <a href={codeHref(request, 'project.yaml')}>project.yaml</a>}
        </p>
      </div>
      {text === null ? (
        <Notice>
          <p>This file is not text, or is too large to be shown here.</p>
        </Notice>
      ) : (
        <div class="table">{await keptSources(key, () => markupOf(text, path))}</div>
      )}
    </SitePage>
  );
}
