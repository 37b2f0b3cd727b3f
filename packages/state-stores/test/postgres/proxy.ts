import { createServer, connect as dial, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that can be cut. */
export interface Proxy {
  /** The URL with the proxy in the place of the server. */
  readonly url: string;
  /** How many connections are open. */
  readonly open: number;
  /** From now on nothing gets through, and nobody is told. */
  swallow(): void;
  /** Everything gets through again; what was swallowed stays lost. */
  pass(): void;
  /** Resets every connection. */
  reset(): void;
  /** From now on the server's answers are swallowed, and connections are reset as soon as one was. */
  loseAnswers(): void;
}

type Mode = 'pass' | 'swallow' | 'lose-answers';

/** Starts a proxy before the server of a URL; it is gone after the test. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let mode: Mode = 'pass';
  const resetAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((client) => {
    const upstream = dial(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (mode === 'pass' || (mode === 'lose-answers' && from === client)) to.write(bytes);
        else if (mode === 'lose-answers') resetAll();
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        if (mode !== 'swallow') to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const through = new URL(url);
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: through.href,
    get open() {
      return Math.floor(sockets.size / 2);
    },
    swallow: () => {
      mode = 'swallow';
    },
    pass: () => {
      mode = 'pass';
    },
    reset: resetAll,
    loseAnswers: () => {
      mode = 'lose-answers';
    },
  };
}
