// Everything that can be wrong with a definition before it is executed, in words for the person who wrote it.
import { catalogue } from '@glovebox/record';

const next = {
  frontEnd: 'Build definitions with the ehrql package of this version of Glovebox.',
};

export const languageProblems = {
  'model-not-json': () => ({
    message: 'The definition is not a JSON document.',
    hint: next.frontEnd,
  }),
  'model-version': () => ({
    message: 'The document does not say "glovebox": 1, so it is not a definition that this version reads.',
    hint: next.frontEnd,
  }),
  'model-malformed': (where: string, what: string) => ({
    message: `The definition document is malformed at ${where}: ${what}.`,
    hint: next.frontEnd,
  }),
  'model-rule': (where: string, what: string) => ({
    message: `The definition document breaks a rule of types or rows at ${where}: ${what}.`,
    hint: next.frontEnd,
  }),
  'model-too-large': (limit: number) => ({
    message: `The definition has more than ${limit} nodes.`,
    hint: 'Split it into several definitions, each with an action of its own.',
  }),
  'model-parameter': () => ({
    message: 'INTERVAL is used in a dataset definition; only measures have intervals.',
    hint: 'Use a date such as "2022-01-01" instead, or define measures.',
  }),
  'definition-file-missing': (path: string) => ({
    message: `No definition file is at ${path}.`,
    hint: 'Give the path of a Python file, relative to the folder that the command runs in.',
  }),
  'definition-file-kind': (path: string) => ({
    message: `${path} is not a Python file: a definition ends in .py.`,
  }),
  'definition-wrong-kind': (expected: string, found: string) => ({
    message: `Expected a definition of kind ${expected}, found ${found}.`,
  }),
  'definition-too-slow': (seconds: number) => ({
    message: `The definition was still running after ${seconds} seconds and was stopped.`,
    hint: 'A definition only describes what to extract: look for a loop that does not end, or work that belongs in a later action.',
  }),
  'definition-too-big': (megabytes: number) => ({
    message: `The definition needed more than ${megabytes} MB of memory and was stopped.`,
    hint: 'A definition only describes what to extract: read large files in a later action, or with table_from_file.',
  }),
  'definition-output-too-big': (megabytes: number) => ({
    message: `The definition printed or returned more than ${megabytes} MB and was stopped.`,
    hint: 'Print less while the definition is loaded.',
  }),
  'definition-killed': () => ({
    message: 'The process that evaluates the definition was killed from outside, by the system or a person.',
    hint: 'Try again; if it happens again, look for very high memory use on this machine.',
  }),
  'definition-crashed': (how: string) => ({
    message: `The process that evaluates the definition ended without an answer (${how}).`,
    hint: 'Look at what it printed last; deep recursion can cause this.',
  }),
  'evaluation-not-confined': (why: string) => ({
    message: `This run must evaluate the definition in isolation, and isolation does not work here: ${why}`,
    hint: 'Install bubblewrap (apt-get install bubblewrap) and allow user namespaces.',
  }),
};

export const problem = catalogue(languageProblems);
