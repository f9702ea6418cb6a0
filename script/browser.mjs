// Starts Debian's Chromium (CHROMIUM names another) without anything that would reach for the network.
import { chromium } from 'playwright-core';

const quiet = ['quic', 'gpu', 'background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`);

export const launchBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--no-first-run', ...quiet],
  });
