// Starts the command line: builds what changed since last time, then hands over.
import { build } from './build.mjs';

await build();
const { main } = await import('../packages/cli/dist/main.js');
process.exitCode = await main(process.argv.slice(2));
