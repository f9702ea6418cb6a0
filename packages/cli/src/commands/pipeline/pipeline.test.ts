import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';

const good = `version: "5.0"
actions:
  plot:
    run: r:v2 plot.R
    needs: [extract]
    outputs: {moderately_sensitive: {figure: output/plot.png}}
  extract:
    run: ehrql:v1 generate-dataset d.py --output output/d.csv
    outputs: {highly_sensitive: {data: output/d.csv}}
`;
const bad = good.replace('[extract]', '[extrat]').replace('"5.0"', '"4.0"');

describe('glovebox pipeline check', () => {
  it('says that a valid file is valid', async () => {
    expect(await session({ 'project.yaml': good }).run('pipeline', 'check', 'FOLDER/project.yaml')).toEqual({
      exitCode: 0,
      out: 'project.yaml is valid: version 5, 2 actions.\n',
      error: '',
    });
  });

  it('underlines what is wrong and suggests what was meant', async () => {
    const { exitCode, out, error } = await session({ 'project.yaml': bad }).run(
      'pipeline',
      'check',
      'FOLDER/project.yaml',
    );
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(error).toBe(`warning: project.yaml:1:10: The file uses version 4 of the format; the latest is 5.
  1 | version: "4.0"
    |          ^^^^^
  next: Versions 1 to 5 all run; a new project should say \`version: "5.0"\`.

project.yaml:5:13: Action \`plot\` needs \`extrat\`, but no action has that name.
  5 |     needs: [extrat]
    |             ^^^^^^
  next: \`extract\` may be what was meant.
`);
  });

  it('prints the same as JSON', async () => {
    const { exitCode, out } = await session({ 'project.yaml': bad }).run(
      'pipeline',
      'check',
      'FOLDER/project.yaml',
      '--json',
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      version: null,
      actions: [],
      problems: [{ code: 'unknown-need', line: 5, column: 13, path: 'project.yaml' }],
    });
  });

  it('says that a file is missing', async () => {
    const { exitCode, error } = await session().run('pipeline', 'check', 'FOLDER/nothing.yaml');
    expect(exitCode).toBe(1);
    expect(error).toContain('There is no file nothing.yaml.');
  });
});

it('glovebox pipeline graph lists needs first, with the levels of the outputs', async () => {
  const { out } = await session({ 'project.yaml': good }).run('pipeline', 'graph', 'FOLDER/project.yaml');
  expect(out).toBe('extract  [high]\nplot     [moderate]         <- extract\n');
});

describe('glovebox', () => {
  it('lists its commands', async () => {
    const { exitCode, out } = await session().run();
    expect(exitCode).toBe(0);
    expect(out).toContain('pipeline');
  });
  it('refuses an unknown command, option or missing argument with exit code 2', async () => {
    expect(await session().run('fly')).toMatchObject({ exitCode: 2 });
    expect(await session().run('pipeline', 'check')).toMatchObject({ exitCode: 2 });
    expect(await session().run('pipeline', 'check', 'x', '--jsn')).toMatchObject({ exitCode: 2 });
  });
});
