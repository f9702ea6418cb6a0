import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';
import type { Terminal } from '../../command-line.js';
import { debugDefinition } from './debug.js';

const definition = `from ehrql import INTERVAL, create_dataset, show
from ehrql.tables.core import clinical_events, patients

events = clinical_events.where(clinical_events.numeric_value > 1.0)
show(events, label="above <one>", head=1)
show(events.sort_by(events.date).last_for_patient())
show(patients.sex, patients.age_on("2021-06-01"), tail=1)
show(patients.date_of_birth.is_before(INTERVAL.start_date))
`;
const files = {
  'analysis/definition.py': definition,
  'tables/patients.csv':
    'patient_id,date_of_birth,sex,date_of_death\n1,1980-01-01,female,\n2,1990-01-01,male,\n3,,unknown,\n',
  'tables/clinical_events.csv':
    'patient_id,date,snomedct_code,numeric_value\n1,2021-01-01,123456,0.5\n1,2021-01-02,,2\n2,2021-02-01,123456,3.25\n',
};

describe('debug', () => {
  it('prints every show as a table, with NULL as an empty cell', async () => {
    const { run } = session(files);
    const result = await run('ehrql', 'debug', 'FOLDER/analysis/definition.py', '--dummy-tables', 'FOLDER/tables');
    expect(result).toMatchObject({ exitCode: 0, error: '' });
    expect(result.out).toBe(`\
Show line 5: above <one> (1 of 2 rows)
patient_id        | row_id            | date              | snomedct_code     | numeric_value
------------------+-------------------+-------------------+-------------------+------------------
1                 | 1                 | 2021-01-02        |                   | 2.0

Show line 6:
patient_id        | date              | snomedct_code     | numeric_value
------------------+-------------------+-------------------+------------------
1                 | 2021-01-02        |                   | 2.0
2                 | 2021-02-01        | 123456            | 3.25

Show line 7: (1 of 3 rows)
patient_id        | series_1          | series_2
------------------+-------------------+------------------
3                 | unknown           |

Show line 8:
Its values depend on INTERVAL, and the definition has no measures whose intervals give it dates.
`);
  });

  it('prints differences of dates in days, and the patients of a measure in its first interval', async () => {
    const measures = `from ehrql import INTERVAL, create_measures, months, show
from ehrql.tables.core import clinical_events, patients

during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures = create_measures()
measures.define_measure(
    "rate", numerator=during.exists_for_patient(), denominator=patients.exists_for_patient(),
    group_by={"sex": patients.sex}, intervals=months(2).starting_on("2021-01-01"),
)
show(clinical_events.date - patients.date_of_birth)
show(measures)
`;
    const { run } = session({ ...files, 'analysis/measures.py': measures });
    const { out } = await run('ehrql', 'debug', 'FOLDER/analysis/measures.py', '--dummy-tables', 'FOLDER/tables');
    expect(out).toBe(`\
Show line 10:
patient_id        | row_id            | value
------------------+-------------------+------------------
1                 | 1                 | 14976 days
1                 | 2                 | 14977 days
2                 | 3                 | 11354 days

Show line 11: rate (INTERVAL from 2021-01-01 to 2021-01-31)
patient_id        | numerator         | denominator       | sex
------------------+-------------------+-------------------+------------------
1                 | True              | True              | female
2                 | False             | True              | male
3                 | False             | True              | unknown
`);
  });

  it('prints one page of HTML in which text stays text', async () => {
    const { run } = session(files);
    const words = ['--dummy-tables', 'FOLDER/tables', '--display-format', 'html'];
    const { out } = await run('ehrql', 'debug', 'FOLDER/analysis/definition.py', ...words);
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).toContain('line 5<small> above &lt;one&gt; (1 of 2 rows)</small></h2>');
    expect(out).toContain('<tr><td>2</td><td>2021-02-01</td><td>123456</td><td>3.25</td></tr>');
    expect(out).not.toContain('<script');
  });

  it('shows on the page, below each table, the frames that it came from', async () => {
    const { run } = session(files);
    const words = ['--dummy-tables', 'FOLDER/tables', '--display-format', 'html'];
    const { out } = await run('ehrql', 'debug', 'FOLDER/analysis/definition.py', ...words);
    const section = out.split('<section>')[2]!;
    expect(section).toContain('how it came about: 3 frames');
    const steps = section.split('<li>').slice(1);
    expect(steps.map((step) => /<p>(.*)<\/p>/.exec(step)?.[1])).toEqual([
      'clinical_events',
      'rows where (clinical_events.numeric_value &gt; 1)',
      'the last row of each patient, sorted by clinical_events.date',
    ]);
    expect(steps.map((step) => step.split('<tr><td>').length - 1)).toEqual([3, 2, 2]);
    expect(steps[0]).toContain('<td>0.5</td>');
    expect(steps[1]).not.toContain('<td>0.5</td>');
  });

  it('fills INTERVAL in with the first interval of the measures, on tables made up for them', async () => {
    const measured = `from ehrql import INTERVAL, create_measures, months, show
from ehrql.tables.core import clinical_events, patients

measures = create_measures()
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_measure("seen", numerator=during.exists_for_patient(), denominator=patients.exists_for_patient(),
    intervals=months(2).starting_on("2021-01-01"))
show(during.count_for_patient(), label="seen")
show(during.snomedct_code)
`;
    const { run } = session({ ...files, 'measures.py': measured });
    const given = await run('ehrql', 'debug', 'FOLDER/measures.py', '--dummy-tables', 'FOLDER/tables');
    expect(given.exitCode).toBe(0);
    expect(given.out.split('\n').slice(0, 5)).toEqual([
      'Show line 8: seen (INTERVAL from 2021-01-01 to 2021-01-31)',
      'patient_id        | value',
      '------------------+------------------',
      '1                 | 2',
      '2                 | 0',
    ]);
    const [text, page] = [
      await run('ehrql', 'debug', 'FOLDER/measures.py'),
      await run('ehrql', 'debug', 'FOLDER/measures.py', '--display-format', 'html'),
    ];
    expect(text.exitCode).toBe(0);
    // The page has the same patients, its frames beside them or not.
    const codes = [...text.out.matchAll(/\| (\d{6,18})$/gm)].map((found) => found[1]!);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(page.out).toContain(`<td>${code}</td>`);
  });

  it('shows the answers of a quiz beside those that are expected, where the quiz is asked', async () => {
    const quiz = `from ehrql.quiz import Question, Questions, check_answer
from ehrql.tables.core import patients

questions = Questions()
questions[1] = Question("Who is male?")
questions[1].expected = patients.sex == "male"
questions[1].check(patients.sex.is_in(["male"]))
questions[2].check(...)
check_answer(patients.sex)
questions.summarise()
`;
    const { run } = session({ ...files, 'quiz.py': quiz });
    const { exitCode, out, error } = await run('ehrql', 'debug', 'FOLDER/quiz.py', '--dummy-tables', 'FOLDER/tables');
    expect(exitCode).toBe(0);
    expect(out.match(/^Show line.*/gm)).toEqual([
      'Show line 7: answer to question 1',
      'Show line 7: expected of question 1',
      'Show line 9: answer to the question',
    ]);
    expect(error).toContain('No answer yet to question 2.');
    expect(error).toContain('2 questions. The quiz is not marked here');
  });

  it('shows what came before an error, then the error', async () => {
    const { run } = session({ ...files, 'analysis/definition.py': `${definition}patients.sax\n` });
    const result = await run('ehrql', 'debug', 'FOLDER/analysis/definition.py', '--dummy-tables', 'FOLDER/tables');
    expect(result.exitCode).toBe(10);
    expect(result.out).toContain('Show line 6:');
    expect(result.error).toContain('`sex`');
  });

  it('makes up patients when there are no tables, and does not let showing change a tied row', async () => {
    const tied = `from ehrql import create_dataset, show
from ehrql.tables.core import clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.sex.is_in(["male"]) & clinical_events.exists_for_patient())
dataset.first = clinical_events.sort_by(clinical_events.snomedct_code).first_for_patient().numeric_value
show(dataset)
show(clinical_events.sort_by(clinical_events.snomedct_code).first_for_patient())
`;
    const { run } = session({
      'definition.py': tied,
      'tables/patients.csv': 'patient_id,sex\n1,male\n',
      'tables/clinical_events.csv':
        'patient_id,date,snomedct_code,numeric_value\n1,2020-01-02,123456,1\n1,2020-01-01,123456,2\n',
    });
    const onTables = await run('ehrql', 'debug', 'FOLDER/definition.py', '--dummy-tables', 'FOLDER/tables');
    expect(onTables.out.split('\n')[3]).toMatch(/^1 +\| 1\.0$/);
    expect(onTables.out.split('\n')[8]).toMatch(/^1 +\| 2020-01-02 +\| 123456 +\| 1\.0$/);
    const madeUp = await run('ehrql', 'debug', 'FOLDER/definition.py');
    expect(madeUp.out.split('\n').filter((line) => /^\d+ /.test(line))).toHaveLength(20);
  });

  it('watches the files that the definition read, until it is told to stop', async () => {
    const { folder } = session({ 'definition.py': 'from ehrql.tables.core import patients\nfrom ehrql import show\n' });
    const file = join(folder, 'definition.py');
    const stop = new AbortController();
    let out = '';
    let rounds = 0;
    const terminal: Terminal = {
      out: (text) => void (out += text),
      error: (text) => {
        if (!text.includes('Waiting for')) return;
        rounds += 1;
        // Saved once the watcher stands, which is after this line has been printed.
        setImmediate(() => (rounds === 1 ? appendFileSync(file, 'show(patients.sex)\n') : stop.abort()));
      },
      isInteractive: false,
    };
    const options = { definition: file, parameters: [], displayFormat: 'ascii', isWatching: true } as const;
    await debugDefinition({ ...options, signal: stop.signal }, terminal);
    expect(rounds).toBeGreaterThan(1);
    expect(out).toContain('Show line 3:');
  });
});
