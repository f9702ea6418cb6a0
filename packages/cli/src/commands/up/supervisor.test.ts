import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { Supervised } from './supervisor.js';

const node = (code: string, more: Partial<ConstructorParameters<typeof Supervised>[0]> = {}): Supervised =>
  new Supervised({ name: 'child', argv: [process.execPath, '-e', code], env: {}, onLine: () => {}, ...more });

describe('Supervised', () => {
  it('is ready with the first line, and stops when asked', async () => {
    const child = node('console.log("ready"); setInterval(() => {}, 1000)');
    expect(await child.start()).toBe('ready');
    await child.stop();
    expect(() => process.kill(child.pid ?? 0, 0)).toThrow();
  });

  it('says so when the process ends before it is ready', async () => {
    await expect(node('process.exit(3)').start()).rejects.toThrow('child ended with exit code 3 before it was ready');
  });

  it('starts the process again when it is killed', async () => {
    let resolveAgain = (): void => {};
    const again = new Promise<void>((resolve) => (resolveAgain = resolve));
    const reasons: string[] = [];
    const child = node('console.log("ready " + process.pid); setInterval(() => {}, 1000)', {
      onLine: (line) => (line.startsWith('ready') ? resolveAgain() : undefined),
      onRestart: (reason) => reasons.push(reason),
    });
    await child.start();
    const first = child.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await again;
    expect(child.pid).not.toBe(first);
    expect(reasons).toEqual(['child ended by SIGKILL']);
    await child.stop();
  });

  it('takes the process with it, however it ends itself', async () => {
    const root = fileURLToPath(new URL('../../../../../', import.meta.url));
    execFileSync(process.execPath, [join(root, 'script/build.mjs')], { stdio: 'ignore' });
    const code = `import { Supervised } from ${JSON.stringify(join(root, 'packages/cli/dist/commands/up/supervisor.js'))};
      const argv = [process.execPath, '-e', 'console.log(process.pid); setInterval(() => {}, 1000)'];
      console.log(await new Supervised({ name: 'child', argv, env: {}, onLine: () => {} }).start());`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', code]);
    const [chunk] = (await once(owner.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString());
    process.kill(pid, 0);
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 5000);
  });

  it('gives the process only the environment that it is given', async () => {
    process.env['PLANTED'] = 'x';
    const child = node('console.log(process.env.PLANTED ?? "nothing"); setInterval(() => {}, 1000)');
    expect(await child.start()).toBe('nothing');
    await child.stop();
  });
});
