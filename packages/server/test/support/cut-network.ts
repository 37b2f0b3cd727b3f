import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut such that nobody is told: what is sent is swallowed, in both directions. */
export interface CuttableNetwork {
  /** The server by this way. */
  readonly url: string;
  /** From now on nothing gets through. */
  cut(): void;
  /** New connections get through again. */
  mend(): void;
  /** Ends it, with all connections. */
  close(): void;
}

/** Makes such a way to a server on loopback. */
export async function cuttableNetwork(target: string): Promise<CuttableNetwork> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const carry = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (!isCut) to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      if (!isCut) to.destroy();
    });
  };
  const server = createServer((client) => {
    const backend = connect(Number(new URL(target).port), '127.0.0.1');
    carry(client, backend);
    carry(backend, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
