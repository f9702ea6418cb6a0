import { written } from '@glovebox/ui';
import { expect, test } from 'vitest';
import { Code } from './code.js';

const linkOf = (word: string) => (word === 'analysis/a.py' ? '/there' : null);
const codeOf = (text: string): string => written(<Code lines={[[{ text }]]} anchor="L" linkOf={linkOf} />).toString();

test('a word that names a file is a link, with what stands around it kept', () => {
  expect(codeOf('run: r:v2 analysis/a.py. <b>')).toContain('run: r:v2 <a href="/there">analysis/a.py</a>. &lt;b&gt;');
});

test('a long line without a word takes no time', () => {
  const text = 'a'.repeat(1_000_000);
  expect(codeOf(text)).toContain(text);
}, 2000);
