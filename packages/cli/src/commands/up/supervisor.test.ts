import { describe, expect, it } from 'vitest';
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

  it('gives the process only the environment that it is given', async () => {
    process.env['PLANTED'] = 'x';
    const child = node('console.log(process.env.PLANTED ?? "nothing"); setInterval(() => {}, 1000)');
    expect(await child.start()).toBe('nothing');
    await child.stop();
  });
});
