// Reads project.yaml without holding up everybody else: a short one at once, a long one in a thread of its own, one after the
// other and for a bounded time. The same text is read once, however often a form is previewed or a comparison is looked at.
import { Worker } from 'node:worker_threads';
import { readPipeline, type ReadPipeline } from '@glovebox/pipeline';
import { problem } from './api/problems.js';
import { digestOf, kept } from './pages/kept.js';

/** Read within some hundredths of a second, which is less than a thread takes to start. */
const shortCharacters = 32 * 1024;
/** Twenty times what the largest that is taken needs. */
const mostMilliseconds = 20_000;
const mostMegabytes = 1024;

/** Also right from `src`, where the tests are: only what is built can start as a thread. */
const thread = new URL('../dist/pipeline-thread.js', import.meta.url);

const keptPipelines = kept<Promise<ReadPipeline>>(20);
let last: Promise<unknown> = Promise.resolve();

function inThread(text: string): Promise<ReadPipeline> {
  return new Promise((resolve) => {
    const unreadable = () =>
      resolve({ problems: [problem('pipeline-takes-too-long', [mostMilliseconds / 1000])], warnings: [] });
    const worker = new Worker(thread, {
      workerData: text,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    const timer = setTimeout(() => void worker.terminate(), mostMilliseconds);
    worker.once('message', resolve);
    worker.once('error', unreadable);
    worker.once('exit', () => {
      clearTimeout(timer);
      unreadable();
    });
  });
}

/** @returns as `readPipeline`; problems alone too when reading takes too long */
export function readPipelineAside(text: string): Promise<ReadPipeline> {
  return keptPipelines(digestOf(text), async () => {
    if (text.length <= shortCharacters) return readPipeline(text, 'project.yaml');
    const turn = last.then(() => inThread(text));
    last = turn;
    return turn;
  });
}
