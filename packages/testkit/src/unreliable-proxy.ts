// A proxy for tests between an agent and its site, on which messages get lost, come twice, late or out of order, and which can
// stop forwarding altogether while every connection stays open. What it does to a message is decided by numbers from outside,
// so that a seed gives the same again.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one message. */
export type Mishap =
  | 'none'
  /** It arrives twice; the first answer is the one that counts. */
  | 'twice'
  /** It arrives, and again much later, when others have overtaken it. */
  | 'again-late'
  /** It arrives late, when others have overtaken it. */
  | 'late'
  /** It never arrives, and the connection breaks. */
  | 'lost'
  /** It arrives, and the connection breaks before the answer is through. */
  | 'answer-lost';

export interface UnreliableProxy {
  readonly address: string;
  /** How often each mishap happened. */
  readonly counts: Readonly<Record<Mishap, number>>;
  /** From now on nothing is forwarded or answered, and no connection is closed: both ends believe in them. */
  stopForwarding(): void;
  /** New messages are forwarded again; what was swallowed before stays so. */
  resume(): void;
  close(): Promise<void>;
}

const lateMilliseconds = 700;
const muchLaterMilliseconds = 2500;

/**
 * @param target the site's address
 * @param mishapOf decides for each message, by its path
 */
export async function startUnreliableProxy(
  target: string,
  mishapOf: (path: string) => Mishap,
): Promise<UnreliableProxy> {
  const counts: Record<Mishap, number> = { none: 0, twice: 0, 'again-late': 0, late: 0, lost: 0, 'answer-lost': 0 };
  const timers = new Set<NodeJS.Timeout>();
  let isForwarding = true;

  function later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, milliseconds);
    timers.add(timer);
  }

  function forward({ method, url, headers }: IncomingMessage, body: Buffer, answer?: ServerResponse): void {
    if (!isForwarding) return;
    const onward = ask(new URL(url ?? '/', target), { method, headers, agent: false }, (response) => {
      if (!isForwarding) return;
      if (!answer) return void response.resume();
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer?.destroy());
    // Whoever asked has gone: so does the question, as without a proxy.
    answer?.on('close', () => onward.destroy());
    onward.end(body);
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (!isForwarding) return;
      const body = Buffer.concat(parts);
      const mishap = mishapOf(request.url ?? '');
      counts[mishap] += 1;
      switch (mishap) {
        case 'lost':
          return void response.destroy();
        case 'answer-lost':
          forward(request, body);
          return void response.destroy();
        case 'late':
          return later(lateMilliseconds, () => forward(request, body, response));
        case 'twice':
          forward(request, body);
          return forward(request, body, response);
        case 'again-late':
          later(muchLaterMilliseconds, () => forward(request, body));
          return forward(request, body, response);
        case 'none':
          return forward(request, body, response);
      }
      return mishap satisfies never;
    });
    request.on('error', () => undefined);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    stopForwarding: () => (isForwarding = false),
    resume: () => (isForwarding = true),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
