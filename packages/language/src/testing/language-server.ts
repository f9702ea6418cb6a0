// Speaks with Pyright's language server, which editors run, in its own protocol: messages of JSON, each behind its length.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
}

export interface LanguageServer {
  notify(method: string, params: unknown): void;
  request(method: string, params: unknown): Promise<unknown>;
  stop(): void;
}

/** @param folder the workspace, with its pyrightconfig.json */
export async function languageServer(folder: string): Promise<LanguageServer> {
  const program = createRequire(import.meta.url).resolve('pyright/langserver.index.js');
  const child = spawn(process.execPath, [program, '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (result: unknown) => void>();
  let received = Buffer.alloc(0);
  let requests = 0;

  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const answer = ({ id, method, params, result }: Message): void => {
    if (id === undefined) return;
    // What the server asks of an editor: it has no settings of its own, and nothing to say.
    if (method !== undefined) send({ id, result: params?.items?.map(() => ({})) ?? null });
    else waiting.get(id)?.(result);
  };
  child.stdout.on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece]);
    for (;;) {
      const start = received.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/.exec(received.subarray(0, start).toString())?.[1]);
      if (start < 4 || received.length < start + length) return;
      answer(JSON.parse(received.subarray(start, start + length).toString()) as Message);
      received = received.subarray(start + length);
    }
  });
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      requests += 1;
      waiting.set(requests, resolve);
      send({ id: requests, method, params });
    });

  const rootUri = pathToFileURL(folder).href;
  const workspaceFolders = [{ uri: rootUri, name: 'study' }];
  await request('initialize', { processId: process.pid, rootUri, workspaceFolders, capabilities: {} });
  send({ method: 'initialized', params: {} });
  return { request, notify: (method, params) => send({ method, params }), stop: () => void child.kill() };
}
