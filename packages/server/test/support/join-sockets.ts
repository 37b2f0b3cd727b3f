import type { Socket } from 'node:net';

/** Carries bytes between two sockets, both ways, until either of them ends. */
export function joinSockets(one: Socket, other: Socket): void {
  const end = () => {
    one.destroy();
    other.destroy();
  };
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('error', end);
    from.on('close', end);
  }
}
