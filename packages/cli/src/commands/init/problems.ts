// What can keep a new study from being written.
import { catalogue } from '@glovebox/record';

export const initProblems = {
  'study-name-unusable': (name: string) => ({
    message: `"${name}" can't be the name of a study; letters, digits, hyphens, underscores and dots after a first letter or digit are accepted.`,
    hint: 'For example: glovebox init asthma-in-winter',
  }),
  'study-exists': (folder: string) => ({
    message: `${folder} exists and is not an empty folder.`,
    hint: 'Choose another name, or go on with the study that is there: glovebox plan',
  }),
} as const;

export const problem = catalogue(initProblems);
