// What can be wrong with a request for synthetic data, and what would be accepted.
import { catalogue } from '@glovebox/record';

export const synthProblems = {
  'synth-patients-out-of-range': (found: string, most: number) => ({
    message: `The number of patients is ${found}; a whole number from 1 to ${most} is accepted.`,
  }),
  'synth-codelist-folder-unreadable': (folder: string) => ({
    message: `There is no readable folder of codelists at ${folder}.`,
    hint: 'Name a folder that holds codelists as CSV files, or leave the option out.',
  }),
  'synth-codelist-unreadable': (file: string) => ({
    message: `${file} can't be read as a CSV file with a header line.`,
    hint: 'Correct the file, or move it out of the folder of codelists.',
  }),
  'synth-memory-limit': (found: string) => ({
    message: `The memory limit is ${found}; a size such as 4GiB or 512MiB is accepted.`,
  }),
};

export const problem = catalogue(synthProblems);
