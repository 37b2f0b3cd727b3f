import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinSockets } from './join-sockets.ts';

const lookEveryMs = 50;

/**
 * A load balancer as small as one can be: each new connection goes to the next backend that says it is ready. It looks
 * at `/ready` all the time, as others do, and knows nothing else of what goes on.
 */
export class RoundRobin {
  /** Where it listens. */
  readonly url: string;
  readonly #backends: readonly number[];
  readonly #ready = new Set<number>();
  readonly #sockets = new Set<Socket>();
  readonly #close: () => void;
  #turn = 0;
  #closed = false;

  private constructor(backends: readonly number[], port: number, close: () => void) {
    this.#backends = backends;
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  /** Starts one in front of servers at these ports. */
  static async start(backends: readonly number[]): Promise<RoundRobin> {
    let balancer: RoundRobin | undefined;
    const server = createServer((socket) => balancer?.serve(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    balancer = new RoundRobin(backends, (server.address() as AddressInfo).port, () => server.close());
    for (const port of backends) void balancer.#watch(port);
    return balancer;
  }

  /** Resolves when a backend gets new connections. */
  async untilReady(port: number): Promise<void> {
    while (!this.#ready.has(port)) await sleep(10);
  }

  /** Ends it, with all connections. */
  close(): void {
    this.#closed = true;
    this.#close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Leads a new connection to a backend. */
  serve(client: Socket): void {
    this.#keep(client);
    const port = this.#next();
    if (port === undefined) {
      client.destroy();
      return;
    }
    const backend = connect(port, '127.0.0.1');
    this.#keep(backend);
    joinSockets(client, backend);
  }

  /** The ready backend whose turn it is. */
  #next(): number | undefined {
    const ready = this.#backends.filter((port) => this.#ready.has(port));
    return ready[this.#turn++ % ready.length];
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #watch(port: number): Promise<void> {
    while (!this.#closed) {
      const ready = await fetch(`http://127.0.0.1:${port}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (ready) this.#ready.add(port);
      else this.#ready.delete(port);
      await sleep(lookEveryMs);
    }
  }
}
