// Writes the reference pages that are made from the code itself. `node script/docs.mjs --check` only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const notice = '<!-- Made by script/docs.mjs; change the code and run it again. -->\n\n';

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

async function jobStates() {
  const { transitions, statusCodes, failureReasons, jobStates, unusedCodes } =
    await import('../packages/record/dist/index.js');
  const codesOf = (state) => Object.keys(statusCodes).filter((code) => statusCodes[code].state === state);
  const groups = jobStates.map((state) => {
    const codes = codesOf(state).filter((code) => !unusedCodes.includes(code));
    return [`  state ${state} {`, ...codes.map((code) => `    ${code}`), '  }'].join('\n');
  });
  // A state that holds one code of its own name would be drawn inside itself.
  const drawn = groups.filter((_, i) => codesOf(jobStates[i]).join() !== jobStates[i]);
  const arrows = transitions.flatMap(({ from, to }) => from.map((one) => `  ${one} --> ${to}`));
  const ends = ['succeeded', 'failed'].map((state) => `  ${state} --> [*]`);
  return `${notice}# Job states

A job is in one of four states; a status code says why. A final state is never left.

\`\`\`mermaid
stateDiagram-v2
  direction LR
${drawn.join('\n')}
  [*] --> created
${[...arrows, ...ends].join('\n')}
\`\`\`

An arrow from a state stands for one from each of its codes. Every change is written with an event, and nothing else may
happen to a job than this:

${table(
  ['from', 'to', 'because'],
  transitions.map(({ from, to, because }) => {
    const words = from.map((one) => (jobStates.includes(one) && one !== to ? `any ${one}` : `\`${one}\``));
    return [words.join(', '), `\`${to}\``, because];
  }),
)}

${unusedCodes.map((code) => `\`${code}\``).join(', ')} is understood and never set: such a request is refused before it has jobs.

## Status codes

${table(
  ['code', 'state', 'what the page says', 'next step'],
  Object.entries(statusCodes).map(([code, { state, message, hint }]) => [`\`${code}\``, state, message, hint ?? '']),
)}

## Failure reasons

A failed job may name one of these beside its code.

${table(
  ['reason', 'what the page says', 'next step'],
  Object.entries(failureReasons).map(([reason, { message, hint }]) => [`\`${reason}\``, message, hint]),
)}
`;
}

async function commands() {
  const { groups } = await import('../packages/cli/dist/main.js');
  const silent = { out: () => {}, error: () => {}, isInteractive: false };
  const sections = [];
  const describe = (command, path) => {
    const name = [...path, command.name()].join(' ');
    if (command.commands.length === 0) {
      const help = command.createHelp();
      help.helpWidth = 110;
      sections.push(`## glovebox ${name}\n\n\`\`\`text\n${help.formatHelp(command, help).trimEnd()}\n\`\`\`\n`);
    }
    for (const inner of command.commands) if (inner.description() !== '') describe(inner, [...path, command.name()]);
  };
  for (const { load } of Object.values(groups)) describe(await load(silent), []);
  return `${notice}# Commands\n\n${sections.join('\n')}`;
}

/** The language reference: a page for each chapter of spec/, and one that leads to them. */
async function languageReference() {
  const { chapters } = await import('../packages/cli/dist/spec/chapters.js');
  const { chapterPage, contentsPage } = await import('../packages/cli/dist/spec/page.js');
  const all = chapters(join(root, 'spec'));
  const folder = 'docs/reference/language';
  const made = notice.replace('change the code', 'change spec/');
  const entries = all.map((chapter) => [`${folder}/${chapter.name}.md`, made + chapterPage(chapter)]);
  return Object.fromEntries([[`${folder}/README.md`, made + contentsPage(all)], ...entries]);
}

/** Every generated page with its text. */
export async function pages() {
  await build();
  return {
    'docs/reference/job-states.md': await jobStates(),
    'docs/reference/commands.md': await commands(),
    ...(await languageReference()),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await pages())) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (process.argv.includes('--check')) {
      console.error(`${path} is out of date; run: node script/docs.mjs`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.error(`wrote ${path}`);
    }
  }
}
