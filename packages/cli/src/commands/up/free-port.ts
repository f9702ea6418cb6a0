// Which port the site gets. It is settled before the site starts, because the site keeps its address when it is started
// again after a death: the agent and open pages know it by that.
import { createServer, type AddressInfo } from 'node:net';

/** @param port 0 for any that is free on the loopback interface; every other one is answered as it is */
export async function settlePort(port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port: free } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return free;
}
