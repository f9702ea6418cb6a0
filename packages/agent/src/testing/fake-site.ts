// A scripted site for the agent's tests: the agent's addresses over real HTTP, with the wire's schemas. It keeps every
// byte that an agent sends.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newIdentifier } from '@glovebox/record';
import {
  backendReport,
  heartbeat,
  leaseRequest,
  taskRelease,
  taskResult,
  type BackendReport,
  type BackendReportResponse,
  type Lease,
  type RunDefinition,
  type TaskResult,
} from '@glovebox/wire';

export interface Reported {
  readonly task: string;
  readonly body: TaskResult;
}

export class FakeSite {
  readonly token = 'the-token-of-the-backend';
  /** Every body that was received, as it came. */
  readonly received: string[] = [];
  readonly reports: Reported[] = [];
  readonly phases: string[] = [];
  /** Megabytes, as heartbeats told them. */
  readonly memory: number[] = [];
  /** Answered to those. */
  standing: BackendReportResponse['standing'];
  readonly backendReports: BackendReport[] = [];
  /** Tasks that were handed back, with the fence. */
  readonly released: string[] = [];
  /** Tasks whose heartbeat is answered with stop. */
  readonly stopped = new Set<string>();
  /** What the next results are answered with, instead of being accepted. */
  readonly resultStatuses: number[] = [];
  /** How results are answered that are not turned away by `resultStatuses`. */
  resultVerdict: 'accepted' | 'refused' = 'accepted';
  /** Whether results are taken and then never answered, as when the connection breaks. */
  isSilent = false;
  /** Questions for work that wait for an answer. */
  openPolls = 0;
  leaseSeconds = 6;
  /** Whether everything is handed out at once, however many places are free. */
  isGreedy = false;
  #queue: Lease[] = [];
  #changed: (() => void)[] = [];
  #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  offer(run: RunDefinition, fence = 1): Lease {
    const lease: Lease = { task: newIdentifier(), fence, kind: 'run', leaseSeconds: this.leaseSeconds, run };
    this.#queue.push(lease);
    this.change();
    return lease;
  }

  /** Resolves once `claim` holds, which is looked at after everything that an agent sends. */
  async until(claim: () => boolean): Promise<void> {
    while (!claim()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  async reportOf(lease: Lease): Promise<TaskResult> {
    const find = () => this.reports.find(({ task }) => task === lease.task);
    await this.until(() => find() !== undefined);
    return find()!.body;
  }

  /** Makes every wait look at its claim again. */
  change(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    this.received.push(`${request.url} ${JSON.stringify(request.headers)} ${text}`);
    this.change();
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      this.change();
    };
    if (request.headers.authorization !== `Bearer ${this.token}`) return send(401, { problems: [] });
    const [, task, verb] =
      /^\/api\/agent\/(?:tasks\/([a-z2-7]{16})\/)?(leases|heartbeat|result|release|backend)$/.exec(request.url ?? '') ??
      [];
    const body: unknown = JSON.parse(text);
    if (verb === 'leases') {
      const { freeDatabase, freeOther, waitSeconds } = leaseRequest.parse(body);
      const end = Date.now() + waitSeconds * 1000;
      const closed = new AbortController();
      this.openPolls += 1;
      response.on('close', () => {
        this.openPolls -= 1;
        closed.abort();
        this.change();
      });
      const timer = setTimeout(() => this.change(), waitSeconds * 1000);
      const isWanted = (lease: Lease) => (lease.run.usesDatabase ? freeDatabase : freeOther) > 0;
      await this.until(() => closed.signal.aborted || Date.now() >= end || this.#queue.some(isWanted));
      clearTimeout(timer);
      if (closed.signal.aborted) return;
      const leases = this.isGreedy ? this.#queue : this.#queue.filter(isWanted).slice(0, 1);
      this.#queue = this.#queue.filter((other) => !leases.includes(other));
      return send(200, { leases });
    }
    if (verb === 'heartbeat') {
      const { phase, memoryMegabytes } = heartbeat.parse(body);
      this.phases.push(phase);
      if (memoryMegabytes !== undefined) this.memory.push(memoryMegabytes);
      return send(200, { verdict: this.stopped.has(task ?? '') ? 'stop' : 'go-on' });
    }
    if (verb === 'result') {
      const result = taskResult.parse(body);
      const status = this.resultStatuses.shift();
      if (status !== undefined) return send(status, { problems: [] });
      this.reports.push({ task: task ?? '', body: result });
      this.change();
      if (this.isSilent) return;
      return send(200, { verdict: this.resultVerdict });
    }
    if (verb === 'release') {
      this.released.push(`${task} ${taskRelease.parse(body).fence}`);
      return send(200, { verdict: 'accepted' });
    }
    if (verb === 'backend') {
      this.backendReports.push(backendReport.parse(body));
      return send(200, { verdict: 'accepted', ...(this.standing ? { standing: this.standing } : {}) });
    }
    return send(404, { problems: [] });
  }
}
