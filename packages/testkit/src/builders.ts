// Builders: what a test needs to exist before it can begin, with plausible values where the test names none.
import { newIdentifier } from '@glovebox/record';
import type { Role } from '@glovebox/wire';
import { addBackend, addOrganisation, addPerson, addProject, addWorkspace, type Store } from '@glovebox/store';

/** Row numbers and tokens of one organisation with one project, workspace, backend and researcher. */
export interface Setting {
  readonly organisation: number;
  readonly project: number;
  readonly workspace: number;
  readonly backend: number;
  readonly person: number;
  readonly names: { readonly organisation: string; readonly project: string; readonly workspace: string };
  readonly backendSlug: string;
  readonly username: string;
  readonly backendToken: string;
  readonly personToken: string;
}

export interface SettingOptions {
  readonly repository?: string;
  readonly roles?: readonly Role[];
}

const created = <T>(added: { readonly outcome: string; readonly row?: T }): T => {
  if (added.row === undefined) throw new Error(`the setting could not be made: ${added.outcome}`);
  return added.row;
};

/** Makes a setting of its own, with names that no other has. */
export async function makeSetting({ db }: Store, now: Date, options: SettingOptions = {}): Promise<Setting> {
  const suffix = newIdentifier()
    .slice(0, 6)
    .replaceAll(/[^a-z]/g, 'x');
  const names = { organisation: `org-${suffix}`, project: `project-${suffix}`, workspace: `work-${suffix}` };
  const [backendSlug, username] = [`backend-${suffix}`, `ann-${suffix}`];
  return db.transaction().execute(async (tx) => {
    const actor = { person: null, now };
    const organisation = created(
      await addOrganisation(tx, actor, { slug: names.organisation, name: `Organisation ${suffix}` }),
    );
    const project = created(
      await addProject(tx, actor, { slug: names.project, name: `Project ${suffix}`, organisation, permissions: [] }),
    );
    const repository = options.repository ?? `https://github.com/glovebox-studies/${suffix}`;
    const workspace = created(
      await addWorkspace(tx, actor, { name: names.workspace, project, repository, branch: 'main', purpose: '' }),
    );
    const backendToken = created(
      await addBackend(tx, actor, { slug: backendSlug, name: `Backend ${suffix}`, isSynthetic: true }),
    );
    const { id: backend } = await tx
      .selectFrom('backends')
      .select('id')
      .where('slug', '=', backendSlug)
      .executeTakeFirstOrThrow();
    const ann = { username, name: `Ann ${suffix}`, roles: options.roles ?? ['researcher' as const] };
    const personToken = created(await addPerson(tx, actor, { ...ann, projects: [project], backends: [backend] }));
    const { id: person } = await tx
      .selectFrom('people')
      .select('id')
      .where('username', '=', username)
      .executeTakeFirstOrThrow();
    const ids = { organisation, project, workspace, backend, person };
    return { ...ids, names, backendSlug, username, backendToken, personToken };
  });
}

/** An action of a made-up pipeline. */
export interface ActionSketch {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly usesDatabase?: boolean;
}

/**
 * The text of a project.yaml with these actions, each with one output.
 *
 * @example
 * pipelineText([{ name: 'extract', usesDatabase: true }, { name: 'draw', needs: ['extract'] }]);
 */
export function pipelineText(actions: readonly ActionSketch[]): string {
  const lines = ['version: "4.0"', 'actions:'];
  for (const { name, needs = [], usesDatabase = false } of actions) {
    const level = usesDatabase ? 'highly_sensitive' : 'moderately_sensitive';
    const run = usesDatabase
      ? `ehrql:v1 generate-dataset analysis/${name}.py --output output/${name}.csv`
      : `python:v2 python analysis/${name}.py`;
    lines.push(`  ${name}:`, `    run: ${run}`);
    if (needs.length > 0) lines.push(`    needs: [${needs.join(', ')}]`);
    lines.push('    outputs:', `      ${level}:`, `        table: output/${name}.csv`);
  }
  return `${lines.join('\n')}\n`;
}
