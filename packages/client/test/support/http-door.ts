import { systemClock } from '@buildstate/node-runtime';
import { onTestFinished } from 'vitest';
import { parseBaseUrl } from '../../src/http/base-url.ts';
import { HttpDoor } from '../../src/http/http-door.ts';
import { kyTransport } from '../../src/http/ky-transport.ts';
import { defaultLimits, type ResolvedLimits } from '../../src/http/limits.ts';
import { nodeTransport } from '../../src/http/node-transport.ts';
import { Requester, type RequesterParts } from '../../src/http/requester.ts';
import type { HttpTransport } from '../../src/http/transport.ts';

/** The transports, all of which must behave the same. */
export const transports: Readonly<Record<string, () => Promise<HttpTransport>>> = {
  ky: () => kyTransport(undefined),
  node: async () => nodeTransport(undefined),
};

/** Limits that make faults show quickly. */
export const quick: ResolvedLimits = { ...defaultLimits, tryMs: 2000, totalMs: 10_000, maxPauseMs: 20 };

/** What a test may want different. */
export interface DoorOptions extends Partial<Omit<RequesterParts, 'limits' | 'base'>> {
  readonly limits?: Partial<ResolvedLimits>;
}

/** A door to a server, closed when the test ends. */
export async function httpDoor(url: string, transport: string, options: DoorOptions = {}): Promise<HttpDoor> {
  const make = transports[transport];
  if (make === undefined) throw new Error(`no transport ${transport}`);
  const requester = new Requester({
    base: parseBaseUrl(url),
    apiKey: 'test-key',
    transport: await make(),
    clock: systemClock,
    random: () => 0.01,
    ...options,
    limits: { ...quick, ...options.limits },
  });
  const door = new HttpDoor(requester, requester);
  onTestFinished(() => door.close());
  return door;
}

/** The error that a call ends in. */
export async function failure(run: Promise<unknown>): Promise<Error> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error(`it did not fail with an error but with ${String(error)}`);
}
