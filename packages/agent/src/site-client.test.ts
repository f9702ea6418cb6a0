import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newIdentifier } from '@glovebox/record';
import { afterEach, expect, test } from 'vitest';
import { siteClient } from './site-client.js';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function clientOf(body: Iterable<string>) {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pipeline(Readable.from(body), response).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return siteClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
}

const ask = { agent: newIdentifier(), freeDatabase: 1, freeOther: 1, waitSeconds: 0 };
const signal = new AbortController().signal;

test('an answer without end is broken off before it fills the memory', async () => {
  let sent = 0;
  function* endless() {
    for (;;) {
      sent += 2 ** 20;
      yield ' '.repeat(2 ** 20);
    }
  }
  const client = await clientOf(endless());
  await expect(client.leases(ask, signal)).rejects.toThrow('the site answered 200');
  expect(sent).toBeLessThan(2 ** 28);
});

test.each(['{"leases":[],"command":"rm"}', '{"leases":[{"task":"x"}]}', 'null', 'no JSON'])(
  'the answer %s is refused whole',
  async (text) => {
    const client = await clientOf([text]);
    await expect(client.leases(ask, signal)).rejects.toThrow();
  },
);
