// Turns every package's TypeScript into JavaScript beside it (src -> dist), file by file, so that a command starts in
// a fraction of a second. Types are checked by `npm run check`, not here. A build that is up to date costs a few
// milliseconds; several processes may build at once, since each file is replaced whole.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every TypeScript source of every package, tests left out. */
function sources() {
  const found = [];
  for (const name of readdirSync(join(root, 'packages'))) {
    const src = join(root, 'packages', name, 'src');
    if (!existsSync(src)) continue;
    for (const entry of readdirSync(src, { recursive: true })) {
      if (!/\.tsx?$/.test(entry) || /\.test\.tsx?$|\.d\.ts$/.test(entry)) continue;
      const from = join(src, entry);
      const to = join(root, 'packages', name, 'dist', entry.replace(/\.tsx?$/, '.js'));
      found.push({ from, to });
    }
  }
  return found;
}

const isStale = ({ from, to }) => (statSync(to, { throwIfNoEntry: false })?.mtimeMs ?? 0) < statSync(from).mtimeMs;

/** Builds what changed; returns how many files that were. */
export async function build() {
  const stale = sources().filter(isStale);
  if (stale.length === 0) return 0;
  const { transform } = await import('esbuild');
  await Promise.all(
    stale.map(async ({ from, to }) => {
      const { code } = await transform(readFileSync(from, 'utf8'), {
        loader: from.endsWith('x') ? 'tsx' : 'ts',
        jsx: 'automatic',
        jsxImportSource: 'hono/jsx',
        target: 'node20',
        format: 'esm',
        sourcefile: from.slice(root.length + 1),
        sourcemap: 'inline',
        sourcesContent: false,
      });
      mkdirSync(dirname(to), { recursive: true });
      const temporary = `${to}.${randomUUID()}`;
      writeFileSync(temporary, code);
      renameSync(temporary, to);
    }),
  );
  return stale.length;
}

/** Removes what no source stands behind any more, so that a deleted file can't be imported by accident. */
export function removeOrphans() {
  const wanted = new Set(sources().map((s) => s.to));
  for (const name of readdirSync(join(root, 'packages'))) {
    const dist = join(root, 'packages', name, 'dist');
    if (!existsSync(dist)) continue;
    for (const entry of readdirSync(dist, { recursive: true })) {
      if (entry.endsWith('.js') && !wanted.has(join(dist, entry))) rmSync(join(dist, entry));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  removeOrphans();
  const count = await build();
  process.stderr.write(count === 0 ? '' : `built ${count} files\n`);
}
