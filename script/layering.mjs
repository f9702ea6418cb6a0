// Holds the direction of imports between packages: a package uses only what its package.json lists, only through the other's
// index, never in a circle; site, agent and cli never use one another; its own files stay inside it. Reads imports with the
// bundler's own parser, so a comment or a string can't fool it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const leaves = ['site', 'agent', 'review', 'cli'];
const forTestsOnly = new Set(['testkit', 'vitest', 'fast-check', 'playwright-core', 'esbuild']);

/**
 * @param {string} root folder that holds packages/
 * @returns {Promise<{files: number, violations: string[]}>}
 */
export async function checkLayering(root) {
  const names = readdirSync(join(root, 'packages'));
  const manifests = new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))]),
  );
  const uses = new Map();
  const violations = [];
  let files = 0;
  for (const name of names) {
    const src = join(root, 'packages', name, 'src');
    const sources = readdirSync(src, { recursive: true }).filter((file) => /\.tsx?$/.test(file));
    files += sources.length;
    const allowed = new Set(Object.keys(manifests.get(name)?.dependencies ?? {}));
    const used = new Set();
    uses.set(name, used);
    for (const { file, specifier } of await importsOf(src, sources)) {
      const where = join('packages', name, 'src', file);
      const isTest = /\.test\.tsx?$/.test(file) || /(^|\/)(bench|testing)/.test(file) || name === 'testkit';
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) {
        const target = resolve(src, dirname(file), specifier);
        if (!target.startsWith(src + sep))
          violations.push(`${where} imports ${specifier}, which is outside its package`);
        continue;
      }
      const [scope, first, ...deeper] = specifier.split('/');
      const bare = scope.startsWith('@') ? `${scope}/${first}` : scope;
      if (scope === '@glovebox') {
        if (deeper.length > 0)
          violations.push(`${where} imports ${specifier}: only the index of a package may be imported`);
        if (leaves.includes(first) && first !== name)
          violations.push(`${where} imports ${specifier}: nothing may import a leaf`);
        if (!(isTest && forTestsOnly.has(first))) used.add(first);
      }
      if (!allowed.has(bare) && !(isTest && forTestsOnly.has(scope === '@glovebox' ? first : bare))) {
        violations.push(`${where} imports ${specifier}, which packages/${name}/package.json does not list`);
      }
    }
  }
  for (const cycle of cycles(uses)) violations.push(`packages import one another in a circle: ${cycle.join(' -> ')}`);
  return { files, violations };
}

/** Every import of the given sources, types-only ones included. */
async function importsOf(src, sources) {
  const found = [];
  for (const file of sources) {
    const text = readFileSync(join(src, file), 'utf8');
    // Types-only imports are dropped by the bundler before it reports anything, and they count here too.
    const contents = text
      .replace(/^(\s*(?:import|export))\s+type\b(?=[^;=]*\bfrom\b)/gm, '$1')
      .replace(/([{,]\s*)type\s+(?=[A-Za-z_$])/g, '$1');
    const { metafile } = await build({
      stdin: { contents, loader: file.endsWith('x') ? 'tsx' : 'ts', resolveDir: src, sourcefile: file },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      jsx: 'preserve',
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      plugins: [
        {
          name: 'external',
          setup: (b) =>
            b.onResolve({ filter: /.*/ }, ({ path, kind }) =>
              kind === 'entry-point' ? undefined : { path, external: true },
            ),
        },
      ],
    });
    for (const input of Object.values(metafile.inputs))
      for (const { path } of input.imports) found.push({ file, specifier: path });
  }
  return found;
}

function cycles(uses) {
  const found = [];
  const done = new Set();
  const walk = (name, path) => {
    if (path.includes(name)) return void found.push([...path.slice(path.indexOf(name)), name]);
    if (done.has(name)) return;
    for (const next of uses.get(name) ?? []) walk(next, [...path, name]);
    done.add(name);
  };
  for (const name of uses.keys()) walk(name, []);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { files, violations } = await checkLayering(root);
  for (const violation of violations) console.error(violation);
  console.log(`layering: ${files} files, ${violations.length} violations (${relative(process.cwd(), root) || '.'})`);
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
