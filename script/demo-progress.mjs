// Follows a job request to its end, by the events of its page: a table that redraws itself on a terminal, a line for each change
// elsewhere.
import { clearScreenDown, moveCursor } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const isFinal = (state) => state === 'succeeded' || state === 'failed';
const signs = { pending: '·', running: '▸', succeeded: '✓', failed: '✗' };
/** Changes are told by events; this is how long to go on when none comes, because a stream may be cut. */
const longestSilence = 2000;
/** Drawing again makes the running times count up. */
const redrawMilliseconds = 1000;

/** @param {string} path of the request's page @returns {Promise<{jobs: any[]}>} the page once every job has ended */
export async function followRequest(api, path) {
  const show = process.stdout.isTTY ? drawer() : printer();
  const bell = listen(api, path);
  try {
    for (;;) {
      const page = await api.page(path);
      show(page.jobs);
      if (page.jobs.every((job) => isFinal(job.state))) return page;
      const until = Date.now() + longestSilence;
      while (!(await bell.rung(redrawMilliseconds)) && Date.now() < until) show(page.jobs);
    }
  } finally {
    bell.stop();
  }
}

/** Rings when the page's stream of events says that something changed. */
function listen(api, path) {
  const stopped = new AbortController();
  let isRung = false;
  let wake = () => {};
  const ring = () => {
    isRung = true;
    wake();
  };
  const read = async () => {
    const response = await fetch(new URL(`${path}/events`, api.site), { signal: stopped.signal });
    for await (const chunk of response.body ?? []) if (chunk.length > 0) ring();
  };
  const readUntilStopped = async () => {
    while (!stopped.signal.aborted) {
      // A cut stream is no fault: the page is asked for again anyway.
      await read().catch(() => {});
      await pause(longestSilence, undefined, { ref: false });
    }
  };
  void readUntilStopped();
  return {
    stop: () => stopped.abort(),
    async rung(milliseconds) {
      if (!isRung) {
        let timer;
        await new Promise((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, milliseconds);
        });
        clearTimeout(timer);
      }
      const was = isRung;
      isRung = false;
      return was;
    },
  };
}

function seconds(job) {
  if (!job.startedAt) return '';
  const end = job.completedAt ? Date.parse(job.completedAt) : Date.now();
  return `${Math.max(0, (end - Date.parse(job.startedAt)) / 1000).toFixed(1)} s`;
}

/** @param {any} job @param {number} width of the action's name */
const describe = (job, width) =>
  `  ${signs[job.state]} ${job.action.padEnd(width)}  ${seconds(job).padStart(8)}  ${job.message}`;

const widest = (jobs) => Math.max(...jobs.map((job) => job.action.length));

function drawer() {
  const out = process.stdout;
  let drawn = 0;
  return (jobs) => {
    // A line that wraps would be counted wrongly.
    const lines = jobs.map((job) => describe(job, widest(jobs)).slice(0, (out.columns || 80) - 1));
    moveCursor(out, 0, -drawn);
    clearScreenDown(out);
    out.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
}

function printer() {
  const last = new Map();
  return (jobs) => {
    for (const job of jobs) {
      if (last.get(job.identifier) === job.state) continue;
      last.set(job.identifier, job.state);
      if (job.state !== 'pending') process.stdout.write(`${describe(job, widest(jobs)).trimEnd()}\n`);
    }
  };
}
