// A small study in a real git repository with two commits, for tests of pages: something to compare, to link to and to show.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openMirror } from '@glovebox/repository';
import { studyCodeOf, type StudyCode } from '../study-code.js';

const measures = 'ehrql:v1 generate-measures --output';

export const pipelineText = `version: "3.0"

expectations:
  population_size: 1000

actions:
  generate_patient_measures:
    run: ${measures} output/patient_measures/patient_measures.csv.gz analysis/wp_patient_measures_def.py
    outputs:
      highly_sensitive:
        dataset: output/patient_measures/patient_measures.csv.gz
  generate_practice_measures:
    run: ${measures} output/practice_measures/practice_measures.csv.gz analysis/wp_practice_measures_def.py
    outputs:
      highly_sensitive:
        dataset: output/practice_measures/practice_measures.csv.gz
  generate_app_measures:
    run: ${measures} output/appointments/app_measures.csv analysis/appointments/app_measures.py
    outputs:
      moderately_sensitive:
        dataset: output/appointments/app_measures.csv
  generate_app_viz:
    run: r:latest analysis/appointments/app_viz.r
    needs: [generate_app_measures]
    outputs:
      moderately_sensitive:
        app_figures: output/appointments/*.png
  generate_app_summary:
    run: python:latest analysis/appointments/app_summary.py
    needs: [generate_app_measures]
    outputs:
      moderately_sensitive:
        app_table: output/appointments/app_summary.csv
  generate_pre_processing:
    run: python:latest analysis/pre_processing.py
        --output output/practice_measures/processed_practice_measures.csv.gz
        --output output/patient_measures/processed_patient_measures.csv.gz
        --output output/patient_measures/frequency_table.csv
    needs: [generate_patient_measures, generate_practice_measures]
    outputs:
      highly_sensitive:
        practice_measure: output/practice_measures/processed_practice_measures.csv.gz
        patient_measure: output/patient_measures/processed_patient_measures.csv.gz
      moderately_sensitive:
        frequency_table: output/patient_measures/frequency_table.csv
  generate_measures_viz:
    run: r:latest analysis/viz_measures.r
    needs: [generate_pre_processing]
    outputs:
      moderately_sensitive:
        app_figures: output/*/*.png
        total_measures: output/total_measures/*.csv
  generate_test_data:
    run: ehrql:v1 generate-dataset analysis/dataset.py --output output/patient_measures/test.csv
      --test-data-file analysis/test_dataset.py
    outputs:
      highly_sensitive:
        dataset: output/patient_measures/test.csv
`;

const codes = (from: number, to: number): string =>
  [
    'code,term',
    ...Array.from({ length: to - from }, (_, i) => `${100_000 + from + i},"Term, number ${from + i}"`),
  ].join('\n') + '\n';

const script = (lines: number, changed: string): string =>
  ['library(ggplot2)', 'library(dplyr)', ...Array.from({ length: lines }, (_, i) => `value_${i} <- ${i} # step ${i}`)]
    .map((line, i) => (i === 20 ? changed : line))
    .join('\n') + '\n';

const first: Readonly<Record<string, string>> = {
  'project.yaml': pipelineText.replace(
    '    needs: [generate_app_measures]\n    outputs:\n      moderately_sensitive:\n        app_table',
    '    outputs:\n      moderately_sensitive:\n        app_table',
  ),
  'analysis/wp_patient_measures_def.py': 'from ehrql import create_measures\n\nmeasures = create_measures()\n',
  'analysis/wp_practice_measures_def.py': 'from ehrql import create_measures\n',
  'analysis/appointments/app_measures.py': 'from ehrql import create_measures\n',
  'analysis/appointments/app_viz.r': script(60, 'theme_set(theme_grey())'),
  'analysis/appointments/app_summary.py': 'import pandas as pd\n',
  'analysis/pre_processing.py': 'import pandas as pd\n',
  'analysis/viz_measures.r': script(30, 'theme_set(theme_grey())'),
  'analysis/dataset.py': 'from ehrql import create_dataset\n\ndataset = create_dataset()\n',
  'analysis/test_dataset.py': 'test_data = {}\n',
  'codelists/opensafely-asthma.csv': codes(0, 40),
  'analysis/hostile.py': 'x = "</code><script>alert(1)</script>"\n',
};

const second: Readonly<Record<string, string>> = {
  ...first,
  'project.yaml': pipelineText,
  'analysis/appointments/app_viz.r': script(60, 'theme_set(theme_minimal(base_size = 14))'),
  'codelists/opensafely-asthma.csv': codes(3, 54),
  'analysis/hostile.py': 'x = "</code><img src=x onerror=alert(1)>" # \u202e reversed\n',
  'docs/notes.md': '# Notes\n\nWhat the figures show.\n',
};

export interface ExampleStudy {
  readonly folder: string;
  readonly first: string;
  readonly second: string;
  readonly code: StudyCode;
  readonly remove: () => void;
}

/** Makes the repository in a temporary folder; `remove` deletes it. */
export function exampleStudy(): ExampleStudy {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-pages-'));
  const repository = join(folder, 'study');
  mkdirSync(repository);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  const commit = (files: Readonly<Record<string, string>>, message: string): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  const commits = { first: commit(first, 'First'), second: commit(second, 'Second') };
  const allowed = { addresses: [], localFolders: [folder] };
  const code = studyCodeOf(repository, () => openMirror({ folder: join(folder, 'mirrors'), url: repository, allowed }));
  return { folder: repository, ...commits, code, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
