// Talks to the site: asks for work, says that a task is alive, reports its end. Answers are parsed by the wire's closed
// schemas, and what is sent is too: a report that does not fit the schema never leaves this process.
import {
  backendReport,
  backendReportResponse,
  heartbeat,
  heartbeatResponse,
  leaseRequest,
  leaseResponse,
  taskRelease,
  taskReleaseResponse,
  taskResult,
  taskResultResponse,
  type BackendReport,
  type BackendReportResponse,
  type Heartbeat,
  type HeartbeatResponse,
  type LeaseRequest,
  type LeaseResponse,
  type TaskRelease,
  type TaskReleaseResponse,
  type TaskResult,
  type TaskResultResponse,
} from '@glovebox/wire';

export interface SiteClient {
  leases(request: LeaseRequest, signal: AbortSignal): Promise<LeaseResponse>;
  heartbeat(task: string, body: Heartbeat): Promise<HeartbeatResponse>;
  report(task: string, body: TaskResult, signal: AbortSignal): Promise<TaskResultResponse>;
  /** Gives up soon: the agent may be about to end, and an unanswered release only means that the lease runs out. */
  release(task: string, body: TaskRelease): Promise<TaskReleaseResponse>;
  backend(body: BackendReport, signal: AbortSignal): Promise<BackendReportResponse>;
}

/** The site answered, and not with what was asked for. */
export class SiteRefusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the site answered ${status}`);
    this.name = 'SiteRefusal';
    this.status = status;
  }
}

interface Parser<T> {
  parse(value: unknown): T;
}

/** A connection on which nothing comes back must not hold the agent up: every call has a time limit. */
const answerSeconds = 20;
const releaseSeconds = 3;

const mostAnswerBytes = 32 * 2 ** 20;

/** The body, if it is of a size that an answer can have. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > mostAnswerBytes) throw new SiteRefusal(response.status);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

export function siteClient(site: string, token: string): SiteClient {
  async function post<B, T>(
    path: string,
    request: Parser<B>,
    body: B,
    answer: Parser<T>,
    seconds: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const limit = AbortSignal.timeout(seconds * 1000);
    const response = await fetch(`${site}/api/agent/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(request.parse(body)),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new SiteRefusal(response.status);
    }
    return answer.parse(JSON.parse(await textOf(response)));
  }
  return {
    leases: (request, signal) =>
      post('leases', leaseRequest, request, leaseResponse, request.waitSeconds + answerSeconds, signal),
    heartbeat: (task, body) => post(`tasks/${task}/heartbeat`, heartbeat, body, heartbeatResponse, answerSeconds),
    report: (task, body, signal) =>
      post(`tasks/${task}/result`, taskResult, body, taskResultResponse, answerSeconds, signal),
    release: (task, body) => post(`tasks/${task}/release`, taskRelease, body, taskReleaseResponse, releaseSeconds),
    backend: (body, signal) => post('backend', backendReport, body, backendReportResponse, answerSeconds, signal),
  };
}
