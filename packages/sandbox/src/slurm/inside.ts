// What runs inside an allocation: reads one order from a folder, confines its command with bubblewrap on this node, and
// writes what it prints and how it ended back. `node inside.js FOLDER`; exits with 1 when the folder can't be used.
//
// When Slurm ends the job it ends this process, and the kernel ends the command with it.
import { ProblemError } from '@glovebox/record';
import { bubblewrapSandbox } from '../bubblewrap/bubblewrap.js';
import { openWriter, readOrder, type Ending, type Order } from './exchange.js';

const flushMilliseconds = 500;
/** A change of memory by less is not told. */
const toldBytes = 2 ** 24;

const folder = process.argv[2] ?? '';
const sandbox = bubblewrapSandbox();
const writer = openWriter(folder);
const stop = new AbortController();
let fault: unknown;
let isUnread = false;

/** What can't be written (a full disk) ends the command: it must not go on unheard. */
function guard(act: () => void): void {
  if (stop.signal.aborted) return;
  try {
    act();
  } catch (error) {
    fault = error;
    stop.abort();
  }
}

async function obey(order: Order): Promise<Ending> {
  if ('trial' in order) {
    const refused = await sandbox.probe();
    return refused ? { refused: [refused] } : { result: { usage: { wallSeconds: 0 }, ended: 'exited', exitCode: 0 } };
  }
  let [memory, told] = [0, 0];
  const timer = setInterval(
    () =>
      guard(() => {
        if (Math.abs(memory - told) >= toldBytes) writer.tellMemory((told = memory));
        writer.flush();
      }),
    flushMilliseconds,
  );
  try {
    const result = await sandbox.run({
      ...order.command,
      signal: stop.signal,
      onMemory: (bytes) => (memory = bytes),
      onOutput: (chunk, stream) =>
        guard(() => {
          writer.write(chunk, stream);
          isUnread = writer.isUnread();
          if (isUnread) stop.abort();
        }),
    });
    if (fault !== undefined) throw fault;
    // It printed faster than anybody could read, which is what the limit on files is about.
    if (isUnread) return { result: { usage: result.usage, ended: 'killed', signal: 'SIGXFSZ' } };
    return { result };
  } catch (error) {
    if (error instanceof ProblemError) return { refused: error.problems };
    return { fault: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(timer);
  }
}

writer.end(await obey(await readOrder(folder)));
