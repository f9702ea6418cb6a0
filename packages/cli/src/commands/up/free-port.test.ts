import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { settlePort } from './free-port.js';

it('leaves a port that was named as it is', async () => {
  expect(await settlePort(8090)).toBe(8090);
});

it('finds a port that a server can then have', async () => {
  const port = await settlePort(0);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  expect((server.address() as AddressInfo).port).toBe(port);
  await new Promise((resolve) => server.close(resolve));
});
