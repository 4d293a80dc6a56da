import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The same one after every kill: those who call Steward keep its address. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo; // listening on TCP
  probe.close();
  await once(probe, 'close');
  return port;
}
