// Everything that can be wrong with a project.yaml, one entry a condition. The rules are those of the format's versions 1 to
// 5; the wording is ours: what was found, what would be accepted, and the next step as a hint.
import { catalogue } from '@glovebox/record';

const quoted = (names: readonly string[], between: string, most = 20): string => {
  const shown = names.slice(0, most).map((name) => `\`${short(name)}\``);
  return [...shown, ...(names.length > most ? [`${names.length - most} more`] : [])].join(between);
};
const list = (names: readonly string[]): string => quoted(names, ', ');
/** What a file says may be megabytes long; a message repeats the beginning. */
const short = (text: string): string =>
  text.length > 200 ? `${text.slice(0, 197).replace(/\p{Surrogate}$/u, '')}...` : text;
const meant = (suggestion: string | undefined): { hint?: string } =>
  suggestion === undefined ? {} : { hint: `\`${suggestion}\` may be what was meant.` };

export const pipelineProblems = {
  // The document
  'yaml-syntax': (detail: string) => ({ message: `This is not valid YAML: ${detail}.` }),
  'duplicate-key': (key: string, first: number) => ({
    message: `The key \`${key}\` appears twice in one mapping, first on line ${first}; each key may appear once.`,
  }),
  'merge-unfinished': () => ({
    message: 'The file holds the marks of a merge that is not finished: both sides of it are there.',
    hint: 'Keep what is meant of the lines from `<<<<<<<` to `>>>>>>>`, remove the marks, and look for more of them.',
  }),
  'several-documents': () => ({
    message: 'The file holds several YAML documents; it must hold one. Remove the `---` line.',
  }),
  'empty-file': () => ({
    message: 'The file is empty; a project has a `version` and `actions`.',
    hint: 'Start from `version: "5.0"` and an `actions:` section.',
  }),
  'not-a-mapping': (what: string, found: string) => ({
    message: `${what} must be a mapping of keys to values, but it is ${found}.`,
  }),
  'too-large': (what: string, limit: string) => ({
    message: `The file is refused because of ${what}; the limit is ${limit}.`,
  }),
  'more-problems': (count: number, shown: number) => ({
    message: `And ${count} more problems from here on; the first ${shown} are shown.`,
    hint: 'Mend those and check again.',
  }),
  'unknown-key': (key: string, where: string, accepted: readonly string[], suggestion: string | undefined) => ({
    message: `Unexpected key \`${key}\` in ${where}; the keys accepted there are ${list(accepted)}.`,
    ...meant(suggestion),
  }),
  'key-not-text': (found: string) => ({ message: `A key is ${found}; keys must be plain words.` }),
  'alias-unknown': (name: string) => ({
    message: `\`*${name}\` refers to \`&${name}\`, which does not stand before it.`,
    hint: 'Put the text in quotes when the asterisk belongs to it.',
  }),
  'tag-not-accepted': (tag: string) => ({
    message: `The tag \`${tag}\` is not accepted; values are text, numbers, truth values, lists and mappings.`,
    hint: 'Remove the tag.',
  }),
  'merge-not-a-mapping': (found: string) => ({
    message: `\`<<\` takes over the keys of a mapping or of a list of mappings, but this is ${found}.`,
  }),

  // Version and expectations
  'version-missing': () => ({
    message: 'The file has no `version`; the latest is 5.',
    hint: 'Add the line `version: "5.0"`.',
  }),
  'version-not-a-number': (found: string) => ({
    message: `\`version\` must be a number between 1 and 5, but it is ${found}.`,
  }),
  'version-too-new': (found: string) => ({
    message: `\`version\` is ${found}, but the latest version of the format is 5.`,
    hint: 'Versions 1 to 5 are accepted; a new project should say `version: "5.0"`.',
  }),
  'version-old': (found: string) => ({
    message: `The file uses version ${found} of the format; the latest is 5.`,
    hint: 'Versions 1 to 5 all run; a new project should say `version: "5.0"`.',
  }),
  'expectations-missing': () => ({
    message: 'A version 3 project must have an `expectations` section with a `population_size`.',
    hint: 'Add `expectations:` with `population_size: 1000`, or move to version 4 or newer, which needs none.',
  }),
  'expectations-not-supported': (version: string) => ({
    message: `\`expectations\` is not part of version ${version}; it was only for cohortextractor actions.`,
    hint: 'The section can be removed safely.',
  }),
  'population-size-missing': () => ({ message: '`expectations` must have a `population_size`.' }),
  'population-size-not-a-number': (found: string) => ({
    message: `\`population_size\` must be a whole number, but it is ${found}.`,
  }),

  // Actions
  'actions-missing': () => ({ message: 'The file has no `actions` section; it must map action names to actions.' }),
  'action-name-outside': (action: string) => ({
    message: `The action name \`${action}\` would put its log outside the workspace; a name may not be absolute, climb with \`..\` or hold control characters.`,
    hint: 'Use letters, digits and underscores.',
  }),
  'run-all-reserved': () => ({
    message: '`run_all` is reserved: it stands for every action, so no action may have that name.',
    hint: 'Give the action another name.',
  }),
  'run-all-ignored': () => ({
    message: 'The action `run_all` is never run by asking for `run_all`, which stands for every action.',
  }),
  'run-missing': (action: string) => ({
    message: `Action \`${action}\` has no \`run\`; it says what the action runs, for example \`r:v2 analysis/model.R\`.`,
  }),
  'outputs-missing': (action: string) => ({
    message: `Action \`${action}\` has no \`outputs\`; every action declares the files that it makes.`,
  }),
  'wrong-type': (what: string, expected: string, found: string) => ({
    message: `${what} must be ${expected}, but it is ${found}.`,
  }),
  'no-output-level': (action: string, levels: readonly string[]) => ({
    message: `Action \`${action}\` declares no output; \`outputs\` must have at least one of ${list(levels)}.`,
  }),

  // run
  'run-empty': (action: string) => ({
    message: `\`run\` of action \`${action}\` is empty; it must name an image with a version, then what to run.`,
  }),
  'run-quotes': (action: string, quote: string) => ({
    message: `\`run\` of action \`${action}\` opens a quote (${quote}) that is never closed.`,
    hint: 'Close it, or put a backslash before it when it is meant as a character.',
  }),
  'run-trailing-backslash': (action: string) => ({
    message: `\`run\` of action \`${action}\` ends with a backslash that escapes nothing.`,
    hint: 'Remove it, or write two for a backslash.',
  }),
  'run-duplicate': (action: string, others: readonly string[]) => ({
    message: `Action \`${action}\` has the same \`run\` as ${list(others)}; each action must run something different.`,
  }),
  'image-version': (image: string, found: string) => ({
    message:
      found === ''
        ? `The image \`${image}\` has no version; it must be of the form \`${image}:v2\`.`
        : `The image version \`${found}\` is not accepted; \`${image}\` must have one of the form \`v2\`.`,
  }),
  'image-latest': (action: string, image: string) => ({
    message: `Action \`${action}\` uses \`${image}:latest\`, which version 5 does not accept.`,
    hint: `Name a version, such as \`${image}:v2\`.`,
  }),
  'cohortextractor-not-supported': (action: string, version: string) => ({
    message: `Action \`${action}\` uses cohortextractor, which version ${version} does not accept.`,
    hint: 'Extract the data with an ehrQL definition instead.',
  }),
  'config-not-json': (action: string, found: string) => ({
    message: `\`config\` of action \`${action}\` holds ${found}, which can't be handed to a program as JSON.`,
    hint: 'Put the value in quotes.',
  }),

  // needs
  'needs-space': (action: string, found: string) => ({
    message: `\`needs\` of action \`${action}\` holds \`${found}\`; names are separated by commas.`,
    hint: `Write it as \`[${found.trim().split(/\s+/).join(', ')}]\`.`,
  }),
  'unknown-need': (action: string, need: string, suggestion: string | undefined) => ({
    message: `Action \`${action}\` needs \`${need}\`, but no action has that name.`,
    ...meant(suggestion),
  }),
  cycle: (path: readonly string[]) => ({
    message: `These actions need one another in a circle, so none can start: ${quoted(path, ' needs ')}.`,
    hint: 'Take one of these names out of the `needs` before it.',
  }),

  // Output patterns
  'output-backslash': (pattern: string) => ({
    message: `The output \`${pattern}\` has a backslash; paths use forward slashes.`,
  }),
  'output-wildcard': (pattern: string, found: string) => ({
    message: `The output \`${pattern}\` has \`${found}\`; the only wildcard is a single \`*\`, which matches within one folder.`,
  }),
  'output-no-extension': (pattern: string) => ({
    message: `The output \`${pattern}\` has no file type at its end; it must end like \`.csv\`, not in \`*\`.`,
  }),
  'output-file-type': (pattern: string, accepted: readonly string[]) => ({
    message: `The output \`${pattern}\` is not of a file type that \`moderately_sensitive\` accepts: ${accepted.join(' ')} (in lower case).`,
    hint: 'Label it `highly_sensitive`, or write it as one of those types.',
  }),
  'output-not-standard': (pattern: string, standard: string) => ({
    message: `The output \`${pattern}\` is not in standard form; it would be \`${standard}\`.`,
  }),
  'output-metadata': (pattern: string) => ({
    message: `The output \`${pattern}\` is in the folder \`metadata\`, which is kept for logs.`,
    hint: 'Use another folder, such as `output`.',
  }),
  'output-absolute': (pattern: string) => ({
    message: `The output \`${pattern}\` is an absolute path; outputs are paths inside the workspace.`,
  }),
  'output-outside': (pattern: string) => ({
    message: `The output \`${pattern}\` leaves the workspace; outputs are paths inside it.`,
  }),
  'output-not-unique': (pattern: string, other: string) => ({
    message: `The output \`${pattern}\` is declared twice, also by \`${other}\`; each may be declared once in a project.`,
  }),

  // Actions that extract data
  'dataset-not-highly-sensitive': (action: string) => ({
    message: `Action \`${action}\` uses generate-dataset, so all its outputs must be labelled \`highly_sensitive\`.`,
  }),
  'dataset-no-output': (action: string) => ({
    message: `Action \`${action}\` uses generate-dataset without \`--output\`, which says where the dataset is written.`,
    hint: 'Add for example `--output output/dataset.csv.gz`.',
  }),
  'dataset-output-differs': (action: string, given: string, declared: readonly string[]) => ({
    message: `Action \`${action}\` writes \`${given}\`, but its outputs declare ${declared.length === 0 ? 'nothing' : list(declared)}; the two must agree.`,
  }),
  'cohort-levels': (action: string, found: number) => ({
    message: `Action \`${action}\` uses generate_cohort, which must have exactly one privacy level under \`outputs\`; it has ${found}.`,
  }),
  'cohort-directories': (action: string, found: readonly string[]) => ({
    message: `Action \`${action}\` uses generate_cohort, which must write into one folder unless \`--output-dir\` is given; its outputs name ${list(found)}.`,
  }),

  // Images and reusable actions
  'image-not-allowed': (action: string, image: string, images: readonly string[]) => ({
    message: `Action \`${action}\` uses the image \`${image}\`, which is not offered; the images are ${list(images)}.`,
    hint: 'It would be the name of a reusable action where those are configured; here they are not.',
  }),
  'reusable-name-wrong': (action: string, name: string) => ({
    message: `Action \`${action}\` uses \`${name}\`, which is no image and can't be the name of a reusable action either: letters, digits, \`.\`, \`_\` and \`-\` would be accepted.`,
  }),
  'reusable-missing': (action: string, name: string, repository: string) => ({
    message: `Action \`${action}\` uses \`${name}\`, which is no image, and there is no reusable action at ${repository}.`,
    hint: 'Check the name, and that the repository can be reached.',
  }),
  'reusable-release-missing': (action: string, name: string, release: string, repository: string) => ({
    message: `Action \`${action}\` uses the reusable action \`${name}:${release}\`, but ${repository} has no release \`${release}\`.`,
    hint: 'Use one of the tags that the repository lists.',
  }),
  'reusable-not-approved': (action: string, name: string, release: string) => ({
    message: `Action \`${action}\` uses the reusable action \`${name}:${release}\`, which is not merged to its main branch and so not approved yet.`,
    hint: 'Use a release that is merged, or ask the owners of the action to merge it.',
  }),
  'reusable-without-action': (action: string, name: string, repository: string) => ({
    message: `Action \`${action}\` uses \`${name}\`, but ${repository} has no action.yaml there, so it is not a reusable action.`,
  }),
  'reusable-action-wrong': (action: string, name: string, found: string, repository: string) => ({
    message: `Action \`${action}\` uses the reusable action \`${name}\`, whose action.yaml ${found}.`,
    hint: `Tell the owners of the action at ${repository}.`,
  }),

  // glovebox.yaml
  'unknown-reads-action': (action: string, suggestion: string | undefined) => ({
    message: `\`reads\` names the action \`${action}\`, but project.yaml has none of that name.`,
    ...meant(suggestion),
  }),
  'reads-pattern-wrong': (found: string) => ({
    message: `Each of \`reads\` must be a path inside the study, but one is ${found}.`,
    hint: '`*` stands for anything within one folder and `**/` for any number of folders, as in `lib/**/*.R`.',
  }),

  // Readings and requests
  'yaml-readings-differ': (found: string, here: string, older: string) => ({
    message: `\`${found}\` without quotes is ${here} here, but older YAML readers take it for ${older}.`,
    hint: 'Put it in quotes to be sure.',
  }),
  'unknown-action': (action: string, suggestion: string | undefined) => ({
    message: `No action is called \`${action}\`.`,
    hint:
      suggestion === undefined
        ? 'Ask for a name from project.yaml, or for `run_all`.'
        : `\`${suggestion}\` may be what was meant.`,
  }),
  'nothing-requested': () => ({ message: 'No action was asked for.', hint: 'Name at least one action, or `run_all`.' }),
} as const;

const make = catalogue(pipelineProblems);
const shorter = (parameters: readonly unknown[]): unknown =>
  parameters.map((parameter) => (typeof parameter === 'string' ? short(parameter) : parameter));

export const problem: typeof make = (code, parameters, place) =>
  make(code, shorter(parameters) as typeof parameters, place);
