// The stylesheet and scripts, read once when the process starts, each under a name that changes with its content, so that
// browsers may keep them for ever.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

function load(name: string): readonly [href: string, asset: Asset] {
  const body = readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8');
  const [stem, extension] = name.split('.') as [string, string];
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return [`/assets/${stem}.${digest}.${extension}`, { type: types[extension] ?? 'text/plain', body }];
}

const stylesheet = load('glovebox.css');
const icon = load('icon.svg');
const scripts = [load('time.js'), load('copy.js'), load('live.js'), load('preview.js')];

const assets: ReadonlyMap<string, Asset> = new Map([stylesheet, icon, ...scripts]);

export const stylesheetHref = stylesheet[0];
export const iconHref = icon[0];
export const scriptHrefs: readonly string[] = scripts.map(([href]) => href);

/** Serves `/assets/*`; mount it at the root. Anything unknown is left to the next handler. */
export function assetRoutes(): Hono {
  const app = new Hono();
  app.get('/assets/:name', (c, next) => {
    const asset = assets.get(c.req.path);
    if (!asset) return next();
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
  return app;
}
