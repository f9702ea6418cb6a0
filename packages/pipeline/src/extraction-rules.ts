// Rules for actions that extract data: what they may declare, and which actions may reach the database. They hold on the
// split words, however `run` is spelled.
import { posix } from 'node:path';
import type { Place, Problem } from '@glovebox/record';
import type { DeclaredOutputs } from './pipeline.js';
import { problem } from './problems.js';

/** The parts of an action that these rules look at. */
export interface ExtractionAction {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly outputs: DeclaredOutputs;
}

const databaseCommands: Readonly<Record<string, readonly string[] | 'any'>> = {
  ehrql: ['generate-dataset', 'generate-measures'],
  databuilder: ['generate-dataset'],
  cohortextractor: ['generate_cohort', 'generate_codelist_report'],
  sqlrunner: 'any',
};

/** Whether an action may query the database: decided by its image and its first word alone. */
export function usesDatabase(image: string, args: readonly string[]): boolean {
  const commands = Object.hasOwn(databaseCommands, image) ? databaseCommands[image] : undefined;
  return commands === 'any' || (commands?.includes(args[0] ?? '') ?? false);
}

const isGenerateDataset = ({ image, args }: ExtractionAction): boolean =>
  (image === 'ehrql' || image === 'databuilder') && (args[0] === 'generate-dataset' || args[0] === 'generate_dataset');

const patternsOf = (outputs: DeclaredOutputs): string[] =>
  Object.values(outputs).flatMap((level) => Object.values(level));

/** The value of `--name VALUE` or `--name=VALUE`, the first time it appears. */
function optionValue(args: readonly string[], name: string): string | undefined {
  for (const [i, arg] of args.entries()) {
    if (arg === name) return args[i + 1];
    if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
  }
  return undefined;
}

/** Whether `pattern` names files of the directory form `dir:ext`; here `*` stands for any text, slashes too. */
function isInDirectoryForm(pattern: string, output: string): boolean {
  const colon = output.lastIndexOf(':');
  const folder = output.slice(0, colon).replace(/\/$/, '');
  return pattern.startsWith(`${folder}/`) && pattern.endsWith(`.${output.slice(colon + 1)}`);
}

export function checkExtraction(action: ExtractionAction, place: Place): Problem[] {
  if (action.image === 'cohortextractor' && action.args[0] === 'generate_cohort') return checkCohort(action, place);
  if (!isGenerateDataset(action)) return [];
  const problems: Problem[] = [];
  const { moderately_sensitive: moderate = {}, minimally_sensitive: minimal = {} } = action.outputs;
  if (Object.keys(moderate).length > 0 || Object.keys(minimal).length > 0) {
    problems.push(problem('dataset-not-highly-sensitive', [action.name], place));
  }
  const output = optionValue(action.args, '--output');
  if (!output) return [...problems, problem('dataset-no-output', [action.name], place)];
  const declared = patternsOf(action.outputs);
  const isDirectory = output.slice(output.lastIndexOf('/') + 1).includes(':');
  const agrees = isDirectory
    ? declared.every((pattern) => isInDirectoryForm(pattern, output))
    : declared.includes(output);
  if (!agrees) problems.push(problem('dataset-output-differs', [action.name, output, declared], place));
  return problems;
}

function checkCohort(action: ExtractionAction, place: Place): Problem[] {
  const levels = Object.keys(action.outputs).length;
  if (levels !== 1) return [problem('cohort-levels', [action.name, levels], place)];
  if (action.args.some((arg) => arg === '--output-dir' || arg.startsWith('--output-dir='))) return [];
  const folders = [...new Set(patternsOf(action.outputs).map((pattern) => posix.dirname(pattern)))];
  return folders.length > 1 ? [problem('cohort-directories', [action.name, folders], place)] : [];
}
