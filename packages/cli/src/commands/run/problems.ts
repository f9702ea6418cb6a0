// What can keep a study from running on this machine.
import { catalogue } from '@glovebox/record';

const needed = (actions: readonly string[]): string => {
  const [first = '', ...more] = actions;
  return `\`${first}\`${more.length === 0 ? '' : ` (and ${more.length} more)`}`;
};
const packages: Readonly<Record<string, string>> = { r: 'r-base-core', python: 'python3' };

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
  'image-not-pulled': (name: string, actions: readonly string[], prefix: string) => ({
    message: `The action ${needed(actions)} runs in ${name}, and the Docker engine has neither ${prefix}${name} nor ${name}.`,
    hint: `glovebox pull ${name} (the same as docker pull ${prefix}${name}), or --executor bubblewrap for the interpreters of this machine.`,
  }),
  'interpreter-missing': (name: string, actions: readonly string[], program: string) => ({
    message: `The action ${needed(actions)} runs in ${name}, and ${program}, which stands for it here, is not installed.`,
    hint: `On Debian or Ubuntu: apt-get install ${packages[name.split(':')[0] ?? ''] ?? program}; or use images with --executor docker. \`glovebox info\` says what is here.`,
  }),
  'image-not-offered': (name: string, actions: readonly string[], instead: string) => ({
    message: `The action ${needed(actions)} runs in ${name}, which is not offered here. ${instead}`,
    hint: 'Change the action in project.yaml, or leave it out: name the others in place of run_all.',
  }),
  'stata-licence-missing': (action: string) => ({
    message: `The action \`${action}\` runs Stata, which needs a licence, and the environment variable STATA_LICENSE is empty.`,
    hint: 'Set STATA_LICENSE to the text of the licence, then run again.',
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
