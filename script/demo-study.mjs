// Makes the git history of the example study, the same to the last bit on every machine: fixed authors, dates and content.
//
// The newest state is the folder studies/winter-pressures. The commit before it has two mistakes in it, for `script/demo --break`,
// and the first is the study as it was before a codelist gained codes. Each differs from the folder by the small edits below;
// an edit whose text is not there exactly once is an error, so that a change of the study can't quietly undo the demo.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const study = join(dirname(dirname(fileURLToPath(import.meta.url))), 'studies', 'winter-pressures');
const run = promisify(execFile);

const influenzaList = 'codelists/wp-influenza.csv';
const influenzaSubtypes = ['24662006', '81524006', '442438000', '442696006', '719590007', '719865001', '772810003'];

/** How the first commit differs from the folder: text that stands in the folder, text that stood there before. */
const firstVersion = [
  ['analysis/queries.py', '        "appointments_waited_over_month": waited(due, 28).count_for_patient(),\n', ''],
  ['analysis/viz_measures.r', 'p.adjust(p_value, method = "BH")', 'p.adjust(p_value, method = "bonferroni")'],
  [
    'analysis/viz_measures.r',
    'corrected for the number of measures (Benjamini-Hochberg, 5%)',
    'corrected for the number of measures (Bonferroni, 5%)',
  ],
  ['codelists/codelists.txt', 'wp/influenza/2026-11-01', 'wp/influenza/2026-10-01'],
  ['codelists/codelists.json', 'wp/influenza/2026-11-01', 'wp/influenza/2026-10-01'],
];

/**
 * The mistakes: a figure asks for a column that isn't there, so its script fails; and the frequency table gets another name than
 * project.yaml declares, so that nothing matches its pattern and the action that needs it isn't started.
 */
const mistakes = [
  ['analysis/appointments/app_viz.r', 'sum(numerator) / first(denominator)', 'sum(numerator) / first(patients)'],
  [
    'analysis/pre_processing.py',
    '        write(tables[name](), path)\n',
    '        write(tables[name](), path.with_name(path.name.replace("frequency_table", "frequencies")))\n',
  ],
];

const commits = [
  {
    name: 'first',
    date: '2026-11-02T09:00:00Z',
    author: 'Amara Lindqvist',
    message: 'Workload of general practice in winter: definitions, codelists and figures',
  },
  {
    name: 'second',
    date: '2026-11-09T14:30:00Z',
    author: 'Amara Lindqvist',
    message:
      'Count influenza by subtype and waits of over a month\n\nThe correction for many tests follows the analysis plan: Benjamini-Hochberg.',
  },
  {
    name: 'mistakes',
    date: '2026-11-10T16:45:00Z',
    author: 'Jonas Mbeki',
    message: 'Rates per patient, and a shorter name for the frequency table',
  },
  {
    name: 'newest',
    date: '2026-11-11T08:15:00Z',
    author: 'Jonas Mbeki',
    message: 'Revert the last change: its figures and its table were never made',
  },
];

/** @param {string} text @param {string} from must stand in the text exactly once */
function replaceOnce(text, from, to, path) {
  if (text.split(from).length !== 2) throw new Error(`${path}: the demo expects this text once: ${from}`);
  return text.replace(from, () => to);
}

async function edit(folder, edits) {
  for (const [path, from, to] of edits) {
    const file = join(folder, path);
    await writeFile(file, replaceOnce(await readFile(file, 'utf8'), from, to, path));
  }
}

/** The digest that codelists.json holds: of the lines, however they end. */
const digestOf = (text) => createHash('sha1').update(text.trimEnd().split(/\r?\n/).join('\n')).digest('hex');

async function withoutSubtypes(folder) {
  const file = join(folder, influenzaList);
  const text = await readFile(file, 'utf8');
  const kept = text.split('\n').filter((line) => !influenzaSubtypes.includes(line.split(',')[0]));
  if (kept.length !== text.split('\n').length - influenzaSubtypes.length)
    throw new Error(`${influenzaList}: codes are missing`);
  await writeFile(file, kept.join('\n'));
  await edit(folder, [['codelists/codelists.json', digestOf(text), digestOf(kept.join('\n'))]]);
}

const states = {
  first: async (folder) => {
    await edit(folder, firstVersion);
    await withoutSubtypes(folder);
  },
  second: async () => {},
  mistakes: (folder) => edit(folder, mistakes),
  newest: async () => {},
};

/** Git with nothing of this machine's own settings. */
async function git(folder, args, commit) {
  const email = `${commit?.author.toLowerCase().replaceAll(' ', '.')}@example.org`;
  const who = commit && {
    GIT_AUTHOR_NAME: commit.author,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: commit.date,
    GIT_COMMITTER_NAME: commit.author,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: commit.date,
  };
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    TZ: 'UTC',
    ...who,
  };
  const { stdout } = await run('git', ['-C', folder, ...args], { env });
  return stdout.trim();
}

const isStudyFile = (path) => !/(^|\/)(output|metadata|__pycache__|\.git)(\/|$)/.test(path.slice(study.length));

/**
 * Makes the repository, or leaves it as it is when it holds this history already.
 * @param {string} repository the folder of the repository
 * @returns {Promise<{first: string, second: string, mistakes: string, newest: string}>} the commits
 */
export async function makeStudyHistory(repository) {
  const making = `${repository}.making-${randomBytes(4).toString('hex')}`;
  await mkdir(making, { recursive: true });
  try {
    await git(making, ['init', '--quiet', '--initial-branch=main', '--template=', '.']);
    const history = {};
    for (const commit of commits) {
      await git(making, ['rm', '-r', '--quiet', '--ignore-unmatch', '.']);
      await cp(study, making, { recursive: true, filter: isStudyFile });
      await states[commit.name](making);
      await git(making, ['add', '--all', '.']);
      await git(making, ['commit', '--quiet', '--message', commit.message], commit);
      history[commit.name] = await git(making, ['rev-parse', 'HEAD']);
    }
    const current = await git(repository, ['rev-parse', 'main']).catch(() => undefined);
    if (current !== history.newest) {
      await rm(repository, { recursive: true, force: true });
      await rename(making, repository);
    }
    return history;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
