// What can keep a program from being started in an image.
import { catalogue } from '@glovebox/record';

export const execProblems = {
  'exec-image-unknown': (name: string, executor: string, known: readonly string[]) => ({
    message: `Nothing stands for the image ${name} here; with ${executor} there is ${known.join(', ')}.`,
    hint: '`glovebox info` says what is installed; `glovebox pull IMAGE` fetches an image for --executor docker.',
  }),
  'exec-image-not-pulled': (name: string, prefix: string) => ({
    message: `The Docker engine has neither ${prefix}${name} nor ${name}.`,
    hint: `glovebox pull ${name} (the same as docker pull ${prefix}${name})`,
  }),
  'exec-image-wrong': (name: string) => ({
    message: `"${name}" names no image; a name with or without a version is accepted, such as python:v2.`,
    hint: 'For example: glovebox exec python:v2 analysis/script.py',
  }),
} as const;

export const problem = catalogue(execProblems);
