import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that answers each request on a connection as the test says. */
export interface ScriptedServer {
  readonly port: number;
  /** Connections that were made so far. */
  readonly connections: readonly Socket[];
  /** Heads of requests, in the order in which they came. */
  readonly requests: readonly string[];
}

/** Starts it; it ends with the test. `answer` is called for every request head. */
export async function scriptedServer(
  answer: (socket: Socket, request: string, count: number) => void,
): Promise<ScriptedServer> {
  const connections: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    let seen = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      seen += bytes.toString('latin1');
      for (let end = seen.indexOf('\r\n\r\n'); end !== -1; end = seen.indexOf('\r\n\r\n')) {
        requests.push(seen.slice(0, end));
        seen = seen.slice(end + 4);
        answer(socket, requests.at(-1) ?? '', requests.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, connections, requests };
}
