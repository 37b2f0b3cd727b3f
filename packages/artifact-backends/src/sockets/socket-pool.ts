import { ReadingSocket, type SocketPlace } from './reading-socket.ts';

/** Idle sockets that are kept. */
const mostIdle = 8;

/** Keeps connections that have answered for the next request. */
export class SocketPool {
  readonly #idle = new Map<string, ReadingSocket[]>();
  readonly #connectTimeoutMs: number;

  constructor(connectTimeoutMs: number) {
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  /** A connection that was used before, which its other end may be about to close; `undefined` when there is none. */
  reuse(place: SocketPlace): ReadingSocket | undefined {
    const idle = this.#idle.get(keyOf(place)) ?? [];
    for (let socket = idle.pop(); socket !== undefined; socket = idle.pop()) {
      if (socket.usable) return socket;
    }
    return undefined;
  }

  /** A new connection. */
  connect(place: SocketPlace): ReadingSocket {
    return new ReadingSocket(place, this.#connectTimeoutMs);
  }

  /** Takes a connection back whose answer was read to its end. */
  giveBack(place: SocketPlace, socket: ReadingSocket): void {
    const key = keyOf(place);
    const idle = (this.#idle.get(key) ?? []).filter(({ usable }) => usable);
    this.#idle.set(key, idle);
    if (idle.length >= mostIdle || !socket.usable) {
      socket.destroy();
      return;
    }
    socket.rest();
    idle.push(socket);
  }

  /** Ends all idle connections. */
  destroy(): void {
    for (const socket of [...this.#idle.values()].flat()) socket.destroy();
    this.#idle.clear();
  }
}

function keyOf({ secure, hostname, port }: SocketPlace): string {
  return `${secure ? 'https' : 'http'}://${hostname}:${port}`;
}
