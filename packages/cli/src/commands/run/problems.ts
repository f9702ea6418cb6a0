// What can keep a study from running on this machine.
import { catalogue } from '@glovebox/record';

export const runProblems = {
  'no-project': (folder: string) => ({
    message: `There is no project.yaml in ${folder}.`,
    hint: 'Change to the folder of the study, name it with --project-dir, or make a new study with `glovebox init NAME`.',
  }),
  'metadata-not-a-folder': (path: string) => ({
    message: `${path} is a link or a file; a folder of the study's own is accepted, or none.`,
    hint: `Remove it and run again: rm ${path}`,
  }),
  'already-running': (folder: string) => ({
    message: `Another glovebox command is running in ${folder}; there can be one at a time.`,
    hint: 'Wait until it has ended, or stop it with Ctrl-C where it was started.',
  }),
  'study-file-unreadable': (path: string) => ({
    message: `${path} is in the study's folder and may not be read.`,
    hint: `Make it readable (chmod u+r ${path}) or move it out of the study.`,
  }),
  'output-not-placed': (path: string, where: string, found: string) => ({
    message: `The output ${path} can't be put into the study, because ${where} is ${found}.`,
    hint: `Remove or rename ${where}, then run the action again.`,
  }),
} as const;

export const problem = catalogue(runProblems);
