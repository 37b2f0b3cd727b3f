import type { ArtifactBackend, Clock, Logger } from '@buildstate/core';
import { BuildStateError } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { decorate } from './decorate.ts';

/** How calls are logged. */
export interface LogOptions {
  /** Gets a `debug` line for every call that succeeds and a `warn` line for every one that fails. */
  readonly logger: Logger;
  /** Measures durations. @default the system's */
  readonly clock?: Clock;
}

function failureFields(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof BuildStateError) return { code: error.code, kind: error.kind, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}

/** The same backend; every call is logged with its duration. Keys and sizes are logged, bytes never are. */
export function withLog(backend: ArtifactBackend, options: LogOptions): ArtifactBackend {
  const { logger, clock = systemClock } = options;
  return decorate(backend, {
    async call({ operation, what, bytes, run }) {
      const startedAt = clock.monotonic();
      const fields = () => ({ operation, bytes, duration_ms: Math.round(clock.monotonic() - startedAt) });
      try {
        const result = await run();
        logger.debug(fields(), what);
        return result;
      } catch (error) {
        logger.warn({ ...fields(), ...failureFields(error) }, `${what} failed`);
        throw error;
      }
    },
  });
}
