// The agent's process: `node main.js CONFIGURATION`. The first line on standard output says that it has started.
// Ends with 0 when asked to stop, 1 when it could not start (the reason is on standard error) or met a fault.
import { ProblemError, renderProblem } from '@glovebox/record';
import { runAgent } from './agent.js';
import { readConfiguration } from './configuration.js';
import { openLog } from './log.js';

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

try {
  const configuration = await readConfiguration(process.argv[2] ?? '');
  await runAgent(configuration, openLog(), stopping.signal);
} catch (error) {
  if (error instanceof ProblemError) process.stderr.write(`${error.problems.map(renderProblem).join('\n')}\n`);
  else
    process.stderr.write(
      `The agent met a fault: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`,
    );
  process.exitCode = 1;
}
