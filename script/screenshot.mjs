// Takes a picture of a page, for the README and for looking at: node script/screenshot.mjs URL OUT.png [--width N] [--dark]
// [--full] [--no-script]. Needs Debian's chromium (CHROMIUM names another).
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '900' },
    dark: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    'no-script': { type: 'boolean', default: false },
  },
});
const [url, out] = positionals;
if (!url || !out) {
  process.stderr.write('usage: node script/screenshot.mjs URL OUT.png [--width N] [--height N] [--dark] [--full]\n');
  process.exit(2);
}
const browser = await launchBrowser();
try {
  const page = await browser.newPage({
    viewport: { width: Number(values.width), height: Number(values.height) },
    colorScheme: values.dark ? 'dark' : 'light',
    javaScriptEnabled: !values['no-script'],
    deviceScaleFactor: 1.5,
  });
  await page.goto(url, { waitUntil: 'load' });
  await page.screenshot({ path: out, fullPage: values.full });
} finally {
  await browser.close();
}
