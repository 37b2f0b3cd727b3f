import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on the loopback interface. */
export interface LocalServer {
  /** For example `http://127.0.0.1:34567`. */
  readonly endpoint: string;
  /** Connections that are open now. */
  openConnections(): Promise<number>;
  /** Closes all connections and ends. */
  stop(): Promise<void>;
}

/** Starts a server on a free port of the loopback interface. */
export async function startLocalServer(
  handle: (message: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalServer> {
  const server = createServer((message, response) => {
    // A client that goes away in the middle of a request is part of what is tested.
    handle(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All bytes of a request or a reply. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
