// Reads one action of project.yaml. Rules that look at several actions together are in `read.ts`.
import { posix } from 'node:path';
import { nearestName, privacyLevels, type Place, type PrivacyLevel, type Problem } from '@glovebox/record';
import type { Source } from './document.js';
import { checkExtraction, usesDatabase } from './extraction-rules.js';
import { checkOutputPattern } from './output-pattern.js';
import type { Action } from './pipeline.js';
import { problem } from './problems.js';
import { configJson, NotJson, plainValue } from './python-json.js';
import { splitRun } from './run-words.js';
import { describe, type Entry, type MappingNode, type TreeNode } from './tree.js';

export interface ReadRun {
  /** As written. */
  readonly text: string;
  readonly place: Place;
  /** Absent when the text names no image. The tag may be a wrong one. */
  readonly command: { readonly image: string; readonly tag: string; readonly args: readonly string[] } | undefined;
}

/** What the rest of the reader needs to know beside the action itself. `run` is absent when it could not be understood. */
export interface ReadAction {
  readonly name: string;
  readonly action: Action | undefined;
  readonly namePlace: Place;
  readonly run: ReadRun | undefined;
  readonly needs: readonly { readonly name: string; readonly place: Place }[];
  readonly patterns: readonly { readonly pattern: string; readonly place: Place }[];
  readonly problems: readonly Problem[];
}

const actionKeys = ['run', 'outputs', 'needs', 'config', 'dummy_data_file'];
const versionTag = /^(v[\d.]+(-pre)?|dev|latest)$/;

const isNull = (node: TreeNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);
export const entryOf = (node: MappingNode, key: string): Entry | undefined =>
  node.entries.find((entry) => entry.key === key);

/** Whether files named after the action would leave the folder that they belong in. */
function leavesWorkspace(name: string): boolean {
  const normal = posix.normalize(name);
  // oxlint-disable-next-line no-control-regex -- control characters in a file name are what is refused here
  return name.startsWith('/') || normal === '..' || normal.startsWith('../') || /[\u0000-\u001f\u007f]/.test(name);
}

export function unknownKeys(
  node: MappingNode,
  where: string,
  accepted: readonly string[],
  placeOf: Source['placeOf'],
): Problem[] {
  return node.entries
    .filter((entry) => !accepted.includes(entry.key))
    .map((entry) =>
      problem('unknown-key', [entry.key, where, accepted, nearestName(entry.key, accepted)], placeOf(entry.keyNode)),
    );
}

export function readAction({ key: name, keyNode, value }: Entry, placeOf: Source['placeOf']): ReadAction {
  const problems: Problem[] = [];
  const namePlace = placeOf(keyNode);
  if (leavesWorkspace(name)) problems.push(problem('action-name-outside', [name], namePlace));
  if (value.kind !== 'mapping') {
    problems.push(problem('not-a-mapping', [`Action \`${name}\``, describe(value)], placeOf(value)));
    return { name, action: undefined, namePlace, run: undefined, needs: [], patterns: [], problems };
  }
  const part = { name, body: value, namePlace, placeOf, problems };
  if (!entryOf(value, 'run')) problems.push(problem('run-missing', [name], namePlace));
  if (!entryOf(value, 'outputs')) problems.push(problem('outputs-missing', [name], namePlace));
  problems.push(...unknownKeys(value, `action \`${name}\``, actionKeys, placeOf));
  const dummyDataFile = entryOf(value, 'dummy_data_file')?.value;
  if (dummyDataFile && !isNull(dummyDataFile)) textOf(part, dummyDataFile, `\`dummy_data_file\` of action \`${name}\``);

  const outputs = readOutputs(part);
  const needs = readNeeds(part);
  const config = readConfig(part);
  const run = readRun(part);
  const { command } = run ?? {};
  if (run && command) problems.push(...checkExtraction({ name, ...command, outputs: outputs.declared }, run.place));
  const action = run &&
    command &&
    versionTag.test(command.tag) && {
      name,
      run: run.text,
      image: command.image,
      tag: command.tag,
      args: [...command.args, ...(config ? ['--config', config.json] : [])],
      needs: needs.map((need) => need.name),
      outputs: outputs.declared,
      config: config ? config.value : null,
      usesDatabase: usesDatabase(command.image, command.args),
      line: namePlace.line ?? 1,
    };
  return { name, action: action || undefined, namePlace, run, needs, patterns: outputs.patterns, problems };
}

/** One action on its way through the readers below; they add to `problems`. */
interface Part {
  readonly name: string;
  readonly body: MappingNode;
  readonly namePlace: Place;
  readonly placeOf: Source['placeOf'];
  readonly problems: Problem[];
}

function textOf({ placeOf, problems }: Part, node: TreeNode, what: string): string | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  problems.push(problem('wrong-type', [what, 'text', describe(node)], placeOf(node)));
  return undefined;
}

function readRun(part: Part): ReadRun | undefined {
  const { name, placeOf, problems } = part;
  const node = entryOf(part.body, 'run')?.value;
  if (!node) return undefined;
  const text = textOf(part, node, `\`run\` of action \`${name}\``);
  if (text === undefined) return undefined;
  const place = placeOf(node);
  const split = splitRun(text);
  if ('error' in split) {
    const code =
      split.error === 'unclosed-quote'
        ? problem('run-quotes', [name, split.quote], place)
        : problem('run-trailing-backslash', [name], place);
    problems.push(code);
    return { text, place, command: undefined };
  }
  const [image, ...args] = split.words;
  if (image === undefined) {
    problems.push(problem('run-empty', [name], place));
    return undefined;
  }
  const colon = image.indexOf(':');
  const tag = colon === -1 ? '' : image.slice(colon + 1);
  const imageName = colon === -1 ? image : image.slice(0, colon);
  if (!versionTag.test(tag)) {
    const imagePlace = { ...place, ...(place.column === undefined ? {} : { endColumn: place.column + image.length }) };
    problems.push(problem('image-version', [imageName, tag], imagePlace));
  }
  return { text, place, command: { image: imageName, tag, args } };
}

function readNeeds({ name, body, placeOf, problems }: Part): { name: string; place: Place }[] {
  const node = entryOf(body, 'needs')?.value;
  if (!node || isNull(node)) return [];
  if (node.kind !== 'list') {
    problems.push(
      problem(
        'wrong-type',
        [`\`needs\` of action \`${name}\``, 'a list of action names', describe(node)],
        placeOf(node),
      ),
    );
    return [];
  }
  return node.items.flatMap((item) => {
    const place = placeOf(item);
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      problems.push(
        problem('wrong-type', [`Each of \`needs\` of action \`${name}\``, 'an action name', describe(item)], place),
      );
      return [];
    }
    if (item.value.includes(' ')) {
      problems.push(problem('needs-space', [name, item.value], place));
      return [];
    }
    return [{ name: item.value, place }];
  });
}

function readConfig({
  name,
  body,
  placeOf,
  problems,
}: Part): { json: string; value: Record<string, unknown> } | undefined {
  const node = entryOf(body, 'config')?.value;
  if (!node || isNull(node)) return undefined;
  if (node.kind !== 'mapping') {
    problems.push(
      problem(
        'wrong-type',
        [`\`config\` of action \`${name}\``, 'a mapping of keys to values', describe(node)],
        placeOf(node),
      ),
    );
    return undefined;
  }
  if (node.entries.length === 0) return undefined;
  try {
    return { json: configJson(node), value: plainValue(node) as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    problems.push(problem('config-not-json', [name, error.found], placeOf(error.node)));
    return undefined;
  }
}

function readOutputs(part: Part) {
  const { name, body, placeOf, problems } = part;
  const declared: Partial<Record<PrivacyLevel, Readonly<Record<string, string>>>> = {};
  const patterns: { pattern: string; place: Place }[] = [];
  const entry = entryOf(body, 'outputs');
  if (!entry) return { declared, patterns };
  const node = entry.value;
  if (node.kind !== 'mapping') {
    problems.push(
      problem(
        'wrong-type',
        [`\`outputs\` of action \`${name}\``, 'a mapping of privacy levels', describe(node)],
        placeOf(node),
      ),
    );
    return { declared, patterns };
  }
  problems.push(...unknownKeys(node, `\`outputs\` of action \`${name}\``, privacyLevels, placeOf));
  for (const level of privacyLevels) {
    const levelNode = entryOf(node, level)?.value;
    if (!levelNode || isNull(levelNode)) continue;
    declared[level] = {};
    if (levelNode.kind !== 'mapping') {
      problems.push(
        problem(
          'wrong-type',
          [`\`${level}\` of action \`${name}\``, 'a mapping of labels to paths', describe(levelNode)],
          placeOf(levelNode),
        ),
      );
      continue;
    }
    const labelled: [string, string][] = [];
    for (const output of levelNode.entries) {
      const pattern = textOf(part, output.value, `Output \`${output.key}\` of action \`${name}\``);
      if (pattern === undefined) continue;
      const place = placeOf(output.value);
      const refused = checkOutputPattern(pattern, level, place);
      if (refused) problems.push(refused);
      patterns.push({ pattern, place });
      labelled.push([output.key, pattern]);
    }
    declared[level] = Object.fromEntries(labelled);
  }
  const hasUnknown = node.entries.some((e) => !(privacyLevels as readonly string[]).includes(e.key));
  if (Object.keys(declared).length === 0 && !hasUnknown)
    problems.push(problem('no-output-level', [name, privacyLevels], placeOf(entry.keyNode)));
  return { declared, patterns };
}
