// The study that the fault test runs: a dataset, measures, three Python actions in a chain, one in R, and one by itself. What
// the Python actions write follows from their name and their inputs alone, so that the test can work it out for itself.
import { createHash } from 'node:crypto';
import type { StudyFiles } from '../testing/study-repository.js';

/** Hashing so often takes Python some hundred milliseconds. */
const rounds = 300_000;

const step = `import hashlib
import sys

name, *inputs = sys.argv[1:]
digest = name.encode()
for path in inputs:
    with open(path, "rb") as file:
        digest += file.read()
for _ in range(${rounds}):
    digest = hashlib.sha256(digest).digest()
for part in ["a", "b"]:
    with open(f"output/{name}-{part}.csv", "w") as file:
        for line in range(2000):
            file.write(f"{name},{part},{line},{digest.hex()}\\n")
print("all is written", flush=True)
`;

const definition = `from ehrql import create_dataset
from ehrql.tables.core import patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.year = patients.date_of_birth.year
`;

const measures = `from ehrql import INTERVAL, create_measures, months
from ehrql.tables.core import patients

measures = create_measures()
measures.configure_dummy_data(population_size=10)
measures.define_measure(
    name="by_sex",
    numerator=patients.date_of_birth.is_before(INTERVAL.start_date) & (patients.sex == "female"),
    denominator=patients.exists_for_patient(),
    intervals=months(3).starting_on("2024-01-01"),
)
`;

const report = `data <- read.csv("output/dataset.csv")
counts <- as.data.frame(table(sex = data$sex, decade = 10 * (data$year %/% 10)))
write.csv(counts, "output/report.csv", row.names = FALSE)
cat("all is written\\n")
`;

const python = (name: string, needs: string, input: string) => `  ${name}:
    run: python:latest analysis/step.py ${name} ${input}
    needs: [${needs}]
    outputs:
      highly_sensitive:
        parts: output/${name}-*.csv
`;

const pipeline = `version: "3.0"
expectations:
  population_size: 100
actions:
  extract:
    run: ehrql:v1 generate-dataset analysis/dataset.py --output output/dataset.csv
    outputs:
      highly_sensitive:
        dataset: output/dataset.csv
${python('first', 'extract', 'output/dataset.csv')}${python('second', 'first', 'output/first-a.csv')}${python('third', 'second', 'output/second-b.csv')}
  measures:
    run: ehrql:v1 generate-measures analysis/measures.py --output output/measures.csv
    outputs:
      highly_sensitive:
        measures: output/measures.csv
  report:
    run: r:latest analysis/report.R
    needs: [extract]
    outputs:
      moderately_sensitive:
        report: output/report.csv
  alone:
    run: python:latest analysis/step.py alone
    outputs:
      highly_sensitive:
        parts: output/alone-*.csv
`;

export const studyFiles: StudyFiles = {
  'project.yaml': pipeline,
  'analysis/dataset.py': definition,
  'analysis/measures.py': measures,
  'analysis/report.R': report,
  'analysis/step.py': step,
  'output/.gitkeep': '',
};

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

function partsOf(name: string, inputs: readonly string[]): Record<string, string> {
  let digest: Buffer = Buffer.from(name + inputs.join(''));
  for (let round = 0; round < rounds; round += 1) digest = sha256(digest);
  const lines = (part: string) =>
    Array.from({ length: 2000 }, (_, line) => `${name},${part},${line},${digest.toString('hex')}\n`).join('');
  return { [`output/${name}-a.csv`]: lines('a'), [`output/${name}-b.csv`]: lines('b') };
}

/**
 * @param dataset what the extraction writes
 * @returns for the dataset and each Python action, path to digest of what it must have written
 */
export function expectedOutputs(dataset: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const first = partsOf('first', [dataset]);
  const second = partsOf('second', [first['output/first-a.csv'] ?? '']);
  const contents = {
    extract: { 'output/dataset.csv': dataset },
    first,
    second,
    third: partsOf('third', [second['output/second-b.csv'] ?? '']),
    alone: partsOf('alone', []),
  };
  const digests = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text).toString('hex')]));
  return Object.fromEntries(Object.entries(contents).map(([action, files]) => [action, digests(files)]));
}
