// Bad input, a case each: what is in the commit, and how it has to end.
import type { FailureReason, StatusCode } from '../../packages/record/src/index.js';
import type { StudyFiles } from '../testing/study-repository.js';

export interface FailingCase {
  readonly name: string;
  readonly files: StudyFiles;
  readonly code: StatusCode;
  readonly reason: FailureReason | null;
  /** What the log on the secure side says: which file, which line. */
  readonly log: readonly RegExp[];
  /** The public hint, where it is not the reason's own. */
  readonly hint?: RegExp;
  /** Runs on the backend whose agent has little memory and a small disk. */
  readonly isCramped?: boolean;
}

const head = 'version: "3.0"\nexpectations:\n  population_size: 100\nactions:\n';

/** A pipeline of one action. */
const pipeline = (run: string, output = 'output/table.csv') =>
  `${head}  make:\n    run: ${run}\n    outputs:\n      highly_sensitive:\n        table: ${output}\n`;

const script = (text: string): StudyFiles => ({
  'project.yaml': pipeline('python:latest analysis/make.py'),
  'analysis/make.py': `import os\n\nos.makedirs("output", exist_ok=True)\n${text}\n`,
});

const definition = (text: string, more: StudyFiles = {}, options = ''): StudyFiles => ({
  'project.yaml': pipeline(`ehrql:v1 generate-dataset analysis/dataset.py --output output/table.csv${options}`),
  'analysis/dataset.py': text,
  ...more,
});

const startOfDefinition = `from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import appointments, clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
`;

export const good: StudyFiles = script('open("output/table.csv", "w").write("good")');

export const failingCases: readonly FailingCase[] = [
  {
    name: 'a definition that raises',
    files: definition(`${startOfDefinition}raise ValueError("no such luck")\n`),
    code: 'nonzero_exit',
    reason: 'definition_wrong',
    log: [/analysis\/dataset\.py:6/, /ValueError: no such luck/],
  },
  {
    name: 'a definition with an error in its syntax',
    files: definition(`${startOfDefinition}dataset.sex = = patients.sex\n`),
    code: 'nonzero_exit',
    reason: 'definition_wrong',
    log: [/analysis\/dataset\.py:6:/, /invalid syntax/],
  },
  {
    name: 'a codelist that is missing',
    files: definition(
      `${startOfDefinition}codes = codelist_from_csv("codelists/none.csv", column="code")\ndataset.ill = clinical_events.where(clinical_events.snomedct_code.is_in(codes)).exists_for_patient()\n`,
    ),
    code: 'nonzero_exit',
    reason: 'definition_wrong',
    log: [/analysis\/dataset\.py:6/, /codelists\/none\.csv/],
  },
  {
    name: 'a definition file that does not exist',
    files: { 'project.yaml': definition('')['project.yaml'] ?? '' },
    code: 'nonzero_exit',
    reason: 'arguments_wrong',
    log: [/analysis\/dataset\.py/],
  },
  {
    name: 'a definition without permission for a table',
    files: definition(`${startOfDefinition}dataset.seen = appointments.exists_for_patient()\n`),
    code: 'nonzero_exit',
    reason: 'permission_missing',
    log: [/appointments/],
  },
  {
    name: 'an assurance test that fails',
    files: definition(
      `${startOfDefinition}dataset.sex = patients.sex\n`,
      {
        'analysis/test_dataset.py': `from datetime import date
from dataset import dataset
test_data = {
    1: {
        "patients": {"date_of_birth": date(1950, 4, 1), "sex": "female"},
        "expected_in_population": True,
        "expected_columns": {"sex": "male"},
    },
}
`,
      },
      ' --test-data-file analysis/test_dataset.py',
    ),
    code: 'nonzero_exit',
    reason: 'assurance_failed',
    log: [/sex/, /male/],
  },
  {
    name: 'a script that does not exist',
    files: { 'project.yaml': pipeline('python:latest analysis/none.py') },
    code: 'job_error',
    reason: 'script_missing',
    log: [/analysis\/none\.py/],
  },
  {
    name: 'an image that is not offered',
    files: { ...script(''), 'project.yaml': pipeline('python:v99 analysis/make.py').replace('python', 'stata-mp') },
    code: 'job_error',
    reason: 'not_offered',
    log: [/stata-mp/],
    hint: /use an r or python action/,
  },
  {
    name: 'a Python script that raises',
    files: script('raise ValueError("no such luck")'),
    code: 'nonzero_exit',
    reason: null,
    log: [/analysis\/make\.py", line 4/, /ValueError: no such luck/],
  },
  {
    name: 'an R script that stops with an error',
    files: {
      'project.yaml': pipeline('r:latest analysis/make.R'),
      'analysis/make.R': 'x <- 1\nstop("no such luck")\n',
    },
    code: 'nonzero_exit',
    reason: null,
    log: [/command: analysis\/make\.R/, /no such luck/, /exit_code: 1/],
  },
  {
    name: 'an output pattern that nothing matches',
    files: script('open("output/tabel.csv", "w").write("x")'),
    code: 'unmatched_patterns',
    reason: null,
    log: [/output\/table\.csv/, /output\/tabel\.csv/],
  },
  {
    name: 'a Python script that uses more memory than it may',
    files: script('x = []\nwhile True: x.append(bytearray(b"x" * 10_000_000))'),
    code: 'nonzero_exit',
    reason: 'out_of_memory',
    log: [/more memory than it may/],
    isCramped: true,
  },
];

/** Waits for ever, to be killed from outside. */
export const endless: StudyFiles = script('import time\nwhile True: time.sleep(1)');

const filling = (then: string): FailingCase['files'] =>
  script(`import sys
try:
    with open("output/table.csv", "wb") as file:
        while True:
            file.write(bytes(1_000_000))
            file.flush()
except OSError as error:
    print("it is full", flush=True)
    ${then}`);

/** These need a small disk of their own. */
export const diskCases: readonly FailingCase[] = [
  {
    name: 'a disk that an action fills, failing itself',
    files: filling('raise error'),
    code: 'job_error',
    reason: 'disk_full',
    log: [/disk of the backend is full/],
    isCramped: true,
  },
  {
    name: 'a disk that an action fills without failing itself',
    files: filling('sys.exit(0)'),
    code: 'job_error',
    reason: 'disk_full',
    log: [/disk of the backend is full/],
    isCramped: true,
  },
];

export interface RefusedCase {
  readonly name: string;
  readonly files: StudyFiles;
  /** In place of run_all. */
  readonly actions?: readonly string[];
  readonly problem: {
    readonly code: string;
    readonly path?: string;
    readonly line?: number;
    /** In the message or the hint: what would be accepted. */
    readonly words: RegExp;
  };
}

export const refusedCases: readonly RefusedCase[] = [
  {
    name: 'a project.yaml that is no YAML',
    files: { 'project.yaml': pipeline('python:latest make.py').replace('    outputs', '   outputs') },
    problem: { code: 'yaml', path: 'project.yaml', line: 7, words: /same column/ },
  },
  {
    name: 'a project.yaml with a key that means nothing',
    files: { 'project.yaml': pipeline('python:latest make.py').replace('outputs:', 'output:') },
    problem: { code: 'unknown-key', path: 'project.yaml', line: 7, words: /`outputs` may be what was meant/ },
  },
  {
    name: 'an action that needs one that is not there',
    files: { 'project.yaml': `${pipeline('python:latest make.py')}    needs: [extrat]\n` },
    problem: { code: 'need', path: 'project.yaml', line: 10, words: /extrat/ },
  },
  {
    name: 'a privacy level that is none',
    files: { 'project.yaml': pipeline('python:latest make.py').replace('highly_sensitive', 'secret') },
    problem: { code: 'unknown-key', path: 'project.yaml', line: 8, words: /accepted there are `highly_sensitive`/ },
  },
  {
    name: 'no project.yaml',
    files: { 'readme.txt': 'nothing here' },
    problem: { code: 'pipeline-missing', words: /project\.yaml/ },
  },
  {
    name: 'an action that is not in project.yaml',
    files: good,
    actions: ['maek'],
    problem: { code: 'action', words: /make/ },
  },
];
